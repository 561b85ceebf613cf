/** What people ask in the torture of chats, and what the model answers: by the seed and the prompt alone. */
import type { ScriptedAnswer, ScriptedCall } from '../scripted-model-formats.ts'
import type { ModelRequest } from '../scripted-model.ts'
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts'

export interface Prompt {
  readonly chat: number
  readonly number: number
  /** The model stops in the middle of its answer until somebody interrupts it. */
  readonly isHeld: boolean
}

export type Turn =
  /** One after the other, while the first is at work. */
  | { readonly type: 'say'; readonly prompts: readonly Prompt[] }
  | { readonly type: 'interrupt'; readonly held: Prompt }
  /** The next one stops what is under way. */
  | { readonly type: 'overtake'; readonly held: Prompt; readonly next: Prompt }
  /** What was said last is said anew: after its answer, or in the middle of it. */
  | { readonly type: 'edit'; readonly before: Prompt; readonly next: Prompt }

const PROMPT = /^chat (\d+), prompt (\d+)( held)?$/
const MAX_WORDS = 24

export const wordsOf = ({ chat, number, isHeld }: Prompt): string =>
  `chat ${chat}, prompt ${number}${isHeld ? ' held' : ''}`

export function promptOf(words: string): Prompt | undefined {
  const [, chat, number, held] = PROMPT.exec(words) ?? []
  return number === undefined
    ? undefined
    : { chat: Number(chat), number: Number(number), isHeld: held !== undefined }
}

/** Turns of a chat, one after the other without an end. */
export function createTurns(chat: number, random: SeededRandom): () => Turn {
  let count = 0
  const prompt = (isHeld = false): Prompt => ({ chat, number: (count += 1), isHeld })
  return () => {
    switch (random.below(8)) {
      case 0:
        return { type: 'interrupt', held: prompt(true) }
      case 1:
        return { type: 'overtake', held: prompt(true), next: prompt() }
      case 2:
        return { type: 'edit', before: prompt(random.below(2) === 0), next: prompt() }
      case 3:
      case 4:
        return { type: 'say', prompts: Array.from({ length: 2 + random.below(3) }, () => prompt()) }
      default:
        return { type: 'say', prompts: [prompt()] }
    }
  }
}

/** Words that tell a lost or doubled one: each is numbered, and names the text it belongs to. */
function numberedWords(text: string, count: number): string {
  return Array.from({ length: count }, (_, at) => `${text}#${at}${at % 9 === 8 ? '\n\n' : ' '}`).join('')
}

/** Whether the words are the first ones of such a text. */
export function isBeginning(text: string): boolean {
  const words = text.split(/\s+/).filter((word) => word !== '')
  const [name] = words[0]?.split('#') ?? []
  return words.every((word, at) => {
    // The stream may cut within a number.
    const whole = `${String(name)}#${at}`
    return word === whole || (at === words.length - 1 && whole.startsWith(word))
  })
}

/** The steps of an answer; the last one calls nothing. */
export function answerSteps(seed: number, prompt: Prompt): readonly ScriptedAnswer[] {
  const random = createSeededRandom(seed + prompt.chat * 7919 + prompt.number * 104_729)
  const count = prompt.isHeld ? 1 : 1 + random.below(4)
  return Array.from({ length: count }, (_, step): ScriptedAnswer => {
    const name = `c${prompt.chat}p${prompt.number}s${step}`
    const thinks = random.below(2) === 0
    const calls = step < count - 1 ? toolCalls(name, random) : undefined
    return {
      ...(thinks ? { thinking: numberedWords(`${name}t`, 2 + random.below(MAX_WORDS)) } : {}),
      // A step of tools may say nothing.
      ...(calls && random.below(3) === 0
        ? {}
        : { text: numberedWords(`${name}x`, 2 + random.below(MAX_WORDS)) }),
      ...(calls ? { calls } : {}),
    }
  })
}

/** All of them answer the same when they run once more: a server that was killed runs again what was under way. */
function toolCalls(name: string, random: SeededRandom): readonly ScriptedCall[] {
  const file = `torture/${name}.txt`
  const execute = (command: string): ScriptedCall => ({ name: 'execute', args: { command, timeout: '1m' } })
  switch (random.below(4)) {
    case 0:
      return [{ name: 'write_file', args: { path: file, content: numberedWords(name, 40) } }]
    case 1:
      return [
        execute(`sleep 0.${random.below(4)}; seq 1 ${10 + random.below(300)}`),
        { name: 'read_file', args: { path: `torture/missing-${name}.txt` } },
      ]
    case 2:
      return [
        execute(`mkdir -p torture && echo ${name} > ${file} && cat ${file}`),
        execute(`echo to nobody >&2; exit ${random.below(3)}`),
      ]
    default:
      return [{ name: 'no_such_tool', args: { of: name } }, execute(`echo ${name}; sleep 0.1`)]
  }
}

interface Block {
  readonly type: string
  readonly text?: string
}
interface SaidMessage {
  readonly role: string
  readonly content: string | readonly Block[]
}

/** What a request of Anthropic's format is about: the last prompt, and how many steps of its answer were heard. */
export function askedFor({ body }: ModelRequest): { readonly prompt: Prompt; readonly step: number } {
  let prompt: Prompt | undefined
  let step = 0
  for (const { role, content } of body['messages'] as readonly SaidMessage[]) {
    if (role === 'assistant') step += 1
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content
    // Prompts that nobody answered come as one message.
    for (const { text = '' } of role === 'user' ? blocks : []) {
      const found = promptOf(text)
      if (found === undefined) continue
      prompt = found
      step = 0
    }
  }
  if (prompt === undefined) throw new Error('A request without a prompt.')
  return { prompt, step }
}
