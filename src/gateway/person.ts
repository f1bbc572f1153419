/** Who does something that changes what is booked or sent, and why. It is written to the log before it is done. */
export interface Person {
  readonly by: string;
  readonly reason: string;
}
