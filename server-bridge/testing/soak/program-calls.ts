/** Programs of a soak that run somewhere else, such as in another network, and are called over their message channel. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { toError } from '../../lib/to-error.ts'

type Argument = string | number | object | undefined
type Methods<T> = { readonly [Name in keyof T]: (...words: never[]) => unknown }

interface Call {
  readonly id: number
  readonly name: string
  readonly words: readonly Argument[]
}
interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

export interface CalledProgram<T extends Methods<T>> {
  readonly pid: number
  /** @throws what the method throws, and when the program ends before it answers. */
  call<Name extends keyof T & string>(
    name: Name,
    ...words: Parameters<T[Name]>
  ): Promise<Awaited<ReturnType<T[Name]>>>
  /** Ends it, and resolves when it has. */
  close(): Promise<void>
}

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

/** The words that run a TypeScript program of this folder by Node. */
const programWords = (name: string): string[] => [
  '--import',
  loader,
  fileURLToPath(new URL(`./${name}.ts`, import.meta.url)),
]

/** Starts a program of this folder. @param command that runs Node, with its own words first. */
export function spawnProgram(
  name: string,
  words: readonly string[] = [],
  command: readonly string[] = [],
): ChildProcess {
  const [program, ...before] = [...command, process.execPath]
  return spawn(program, [...before, ...programWords(name), ...words], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Ctrl+C is for the run, which ends it in order.
    detached: true,
  })
}

/** Starts a program of this folder that answers calls. */
export function callProgram<T extends Methods<T>>(
  name: string,
  command: readonly string[] = [],
): CalledProgram<T> {
  const child = spawnProgram(name, [], command)
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let calls = 0
  let failure: Error | undefined
  const end = (error: Error): void => {
    failure ??= error
    for (const { reject } of waiting.values()) reject(failure)
    waiting.clear()
  }
  child.once('error', end)
  child.once('exit', (code, signal) => end(new Error(`${name} ended with ${String(code ?? signal)}.`)))
  child.on('message', ({ id, value, error }: Answer) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asked?.resolve(value as never)
    else asked?.reject(new Error(error))
  })
  return {
    pid: child.pid ?? 0,
    call: (method, ...words) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) {
          reject(failure)
          return
        }
        calls += 1
        waiting.set(calls, { resolve, reject })
        child.send({ id: calls, name: method, words } satisfies Call)
      }),
    async close() {
      if (failure !== undefined) return
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}

/** Answers calls until whoever started this process goes. */
export function answerCalls(methods: Readonly<Record<string, (...words: never[]) => unknown>>): void {
  const answer = async ({ id, name, words }: Call): Promise<Answer> => {
    const method = methods[name]
    if (method === undefined) return { id, error: `There is no ${name}.` }
    try {
      return { id, value: await method(...(words as never[])) }
    } catch (thrown) {
      return { id, error: toError(thrown).message }
    }
  }
  process.on('message', (call: Call) => {
    void answer(call).then((answered) => process.send?.(answered))
  })
  process.once('disconnect', () => process.exit(0))
}
