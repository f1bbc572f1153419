/** A whole number that a run can be repeated with: `CLEARPORT_SEED`, or a new one. Say it in every failure. */
export function seedOfRun(): number {
  const given = process.env['CLEARPORT_SEED'];
  return given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number.parseInt(given, 10);
}
