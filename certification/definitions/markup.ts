/** Text inside HTML or XML, in elements and in attributes; what XML 1.0 cannot hold becomes a replacement character. */
export function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd]/g, '\ufffd');
}
