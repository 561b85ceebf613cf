/** Answers of models that come in one piece, as their providers send them. */
import type { ScriptedAnswer } from './scripted-model-formats.ts'

const USAGE = { input: 10, output: 5 }

/** Anthropic's messages. */
export function wholeAnthropic({ text = '', usage }: ScriptedAnswer): object {
  const { input, output } = { ...USAGE, ...usage }
  return {
    id: 'msg_aside',
    type: 'message',
    role: 'assistant',
    model: 'scripted',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: input, output_tokens: output },
  }
}

/** OpenAI's chat completions, which others speak as well. */
export function wholeChatCompletion({ text = '', usage }: ScriptedAnswer): object {
  const { input, output } = { ...USAGE, ...usage }
  return {
    id: 'chatcmpl-aside',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'scripted',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
  }
}

/** OpenAI's responses. */
export function wholeResponse({ text = '', usage }: ScriptedAnswer): object {
  const { input, output } = { ...USAGE, ...usage }
  return {
    id: 'resp_aside',
    object: 'response',
    created_at: 1_700_000_000,
    status: 'completed',
    model: 'scripted',
    output: [
      {
        id: 'msg_aside',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text, annotations: [] }],
      },
    ],
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + output,
    },
  }
}
