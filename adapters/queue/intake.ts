import assert from 'node:assert/strict';
import type { Delivery, EventContext, Receiver } from 'rhea';
import type { Delivered } from '../../src/contract/source.ts';
import type { GatewayError } from '../../src/core/errors.ts';
import type { Broker } from './connect.ts';
import { closeEndpoint, type Endpoint, openEndpoint } from './endpoint.ts';
import { readMessage } from './message.ts';
import type { QueueOptions } from './options.ts';
import { type Outcome, Settling } from './settling.ts';

/** Source: OASIS AMQP 1.0, part 2, section 2.8.14 (a condition of the broker's own is allowed). */
const refusedCondition = 'clearport:refused';

/**
 * Messages of one address on one link. The credit given, what waits here and what is not settled are together never more
 * than `credit`: that bounds the memory, whatever the broker holds.
 */
export class Intake {
  readonly #waiting: { readonly delivery: Delivery; readonly delivered: Delivered }[] = [];
  #endpoint: Endpoint<Receiver> | undefined;
  #wake: (() => void) | undefined;
  readonly #limit: number;
  readonly #settling = new Settling();
  /** Messages that the broker may still send, and messages that are here and not settled. */
  #credit = 0;
  #open = 0;
  #giving = false;
  #stopped = false;
  #failure: GatewayError | undefined;

  private constructor(limit: number) {
    this.#limit = limit;
  }

  /** Throws what {@link openEndpoint} throws. */
  static async open(broker: Broker, address: string, options: QueueOptions): Promise<Intake> {
    const { capabilities, credit, timeoutSeconds } = options;
    const intake = new Intake(credit);
    intake.#endpoint = await openEndpoint(
      broker,
      address,
      timeoutSeconds,
      (session) => {
        const receiver = session.open_receiver({
          source: { address, ...(capabilities.length > 0 && { capabilities }) },
          // Credit is ours to give: a message that is not settled yet takes its place.
          credit_window: 0,
          autoaccept: false,
          rcv_settle_mode: 0,
        });
        receiver.on('message', (context: EventContext) => intake.#take(context));
        return receiver;
      },
      (cause) => intake.#fail(cause),
    );
    intake.#giveCredit();
    return intake;
  }

  /** The next message; undefined after {@link stop}. Throws why the link is over. */
  async next(): Promise<Delivered | undefined> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#stopped) return undefined;
      const first = this.#waiting.shift();
      if (first !== undefined) return first.delivered;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Takes nothing more: what nobody has seen goes back at once, what is out may still be settled. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const { delivery } of this.#waiting.splice(0)) void this.#giveBack(delivery);
    this.#wake?.();
    this.#closeWhenSettled();
  }

  #take({ message, delivery }: EventContext): void {
    if (message === undefined || delivery === undefined) return;
    this.#open++;
    this.#credit = Math.max(0, this.#credit - 1);
    if (this.#stopped) {
      void this.#giveBack(delivery);
      return;
    }
    this.#waiting.push({ delivery, delivered: this.#deliveredOf(readMessage(message), delivery) });
    this.#wake?.();
  }

  #deliveredOf(message: ReturnType<typeof readMessage>, delivery: Delivery): Delivered {
    let settled = false;
    const settle = async (outcome: Outcome, act: () => void): Promise<void> => {
      assert(!settled, 'a message is settled once');
      settled = true;
      await this.#settling.say(outcome, () => {
        if (this.#failure !== undefined) throw this.#failure;
        act();
        this.#settled();
      });
      if (this.#failure !== undefined) throw this.#failure;
    };
    return {
      ...message,
      accept: () => settle('accepted', () => delivery.accept()),
      release: () => settle('released', () => delivery.release()),
      reject: (reason) =>
        settle('rejected', () =>
          delivery.reject({ condition: refusedCondition, description: reason.slice(0, 200) }),
        ),
    };
  }

  async #giveBack(delivery: Delivery): Promise<void> {
    await this.#settling.say('released', () => {
      if (this.#failure === undefined) delivery.release();
      this.#settled();
    });
  }

  #settled(): void {
    this.#open--;
    if (this.#stopped) this.#closeWhenSettled();
    else this.#giveCredit();
  }

  /**
   * New credit only when the old one is used up, so that nothing is on its way: RabbitMQ 3 takes each flow as so many
   * messages from now on, and would send more than was given.
   */
  #giveCredit(): void {
    if (this.#giving) return;
    this.#giving = true;
    setImmediate(() => {
      this.#giving = false;
      const more = this.#limit - this.#open;
      if (this.#credit > 0 || more <= 0 || this.#stopped || this.#failure !== undefined) return;
      this.#credit = more;
      this.#endpoint?.link.add_credit(more);
    });
  }

  #closeWhenSettled(): void {
    if (this.#open > 0 || this.#failure !== undefined || this.#endpoint === undefined) return;
    const endpoint = this.#endpoint;
    this.#endpoint = undefined;
    // What was settled last is still on its way to the socket.
    setImmediate(() => closeEndpoint(endpoint));
  }

  #fail(cause: GatewayError): void {
    this.#failure ??= cause;
    this.#waiting.length = 0;
    this.#wake?.();
  }
}
