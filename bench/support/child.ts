import { type ChildProcess, fork } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Questions by name: `[what is given, what is answered]`. */
type Asks<T> = { readonly [K in keyof T]: readonly [given: unknown, answered: unknown] };
type Given<A, K extends keyof A> = A[K] extends readonly [infer G, unknown] ? G : never;
type Answered<A, K extends keyof A> = A[K] extends readonly [unknown, infer R] ? R : never;

/** In a process that the bench started: answers its questions, one message each. */
export function answerTo<A extends Asks<A>>(
  answers: { readonly [K in keyof A]: (given: Given<A, K>) => Promise<Answered<A, K>> },
): void {
  process.on('message', (message: { id: number; name: keyof A; given: never }) => {
    answers[message.name](message.given).then(
      (answer) => process.send?.({ id: message.id, answer }),
      (error: Error) => process.send?.({ id: message.id, error: error.stack ?? String(error) }),
    );
  });
  // The bench is gone: so is this.
  process.on('disconnect', () => process.exit(0));
}

/** A process of the bench's own, which answers questions. */
export class Child<A extends Asks<A>> {
  readonly #process: ChildProcess;
  readonly #open = new Map<number, { done: (answer: never) => void; failed: (why: Error) => void }>();
  #next = 1;

  /** @param name file in `process/`, without its ending */
  constructor(name: string) {
    const file = join(dirname(fileURLToPath(import.meta.url)), 'process', `${name}.js`);
    this.#process = fork(file, [], { execArgv: ['--expose-gc', '--enable-source-maps'], serialization: 'advanced' });
    this.#process.on('message', (message: { id: number; answer: never; error?: string }) => {
      const open = this.#open.get(message.id);
      this.#open.delete(message.id);
      if (message.error === undefined) open?.done(message.answer);
      else open?.failed(new Error(`${name}: ${message.error}`));
    });
    this.#process.on('exit', () => {
      for (const { failed } of this.#open.values()) failed(new Error(`the process ${name} ended`));
      this.#open.clear();
    });
  }

  ask<K extends keyof A & string>(name: K, given: Given<A, K>): Promise<Answered<A, K>> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((done, failed) => {
      this.#open.set(id, { done, failed });
      this.#process.send({ id, name, given });
    });
  }

  /** Ends it, whatever it does. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await gone;
  }
}
