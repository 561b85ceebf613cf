import { oneLine } from '../hostile-text.ts'
import { fieldsOf, textField } from '../tool-fields.ts'
import type { ToolCall } from '../transcript-rows.ts'

/** An argument, also while the arguments are written: then as far as their beginning says it. */
export function argument(
  { args, argsHead }: Pick<ToolCall, 'args' | 'argsHead'>,
  name: string,
): string | undefined {
  if (args !== undefined) return textField(args, name)
  const found = new RegExp(`"${name}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`).exec(argsHead)
  if (found?.[1] === undefined) return undefined
  const text = found[1].replace(/\\.?$/, '')
  try {
    return String(JSON.parse(`"${text}"`))
  } catch {
    // Cut inside of an escape; the next piece ends it.
    return text
  }
}

/** The error of a call that failed, in its own words. */
export function failureOf({ state, result }: ToolCall): string | undefined {
  const said = textField(result, 'error')
  if (said !== undefined) return said
  if (state !== 'failed') return undefined
  return typeof result === 'string' && result !== '' ? result : 'The tool failed without a word.'
}

/** What a call does, or did once it has. */
export function doing(call: ToolCall, busy: string, done: string): string {
  return call.state === 'done' && failureOf(call) === undefined ? done : busy
}

/** The text a tool answered, whichever way it says it. */
export function outputOf(result: unknown): string | undefined {
  if (typeof result === 'string') return result
  return textField(result, 'output') ?? textField(result, 'content') ?? textField(result, 'text')
}

/** The last part of a path. */
export function fileName(path: string): string {
  return (
    path
      .replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .pop() || path
  )
}

/** What the model says it wants by a call, where the tool asks for that. */
export function intentOf(call: ToolCall): string | undefined {
  const said = argument(call, 'model_intent')
  return said === undefined ? undefined : oneLine(said, 200)
}

/** The arguments themselves, where they are wrapped beside what the model wants. */
export function innerArgs(args: unknown): unknown {
  const fields = fieldsOf(args)
  return 'model_intent' in fields && 'properties' in fields ? fields['properties'] : args
}

/** `1 match`, `2 matches`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`
}
