/** Streams of models as their providers send them. */
export interface ScriptedCall {
  readonly name: string
  /** A string is sent as it is, also when it is no JSON. */
  readonly args: object | string
  /** Of Anthropic's format. Absent: one that no other call has. */
  readonly id?: string
  /** Of Anthropic's format: the set of tools that it is of. */
  readonly toolset?: string
}

/** One answer of the model. */
export interface ScriptedAnswer {
  readonly thinking?: string
  readonly text?: string
  readonly calls?: readonly ScriptedCall[]
  /** Anthropic's own search, with one thing found. */
  readonly search?: { readonly query: string; readonly url: string; readonly title: string }
  readonly usage?: { readonly input: number; readonly output: number; readonly cacheRead?: number }
  /** Awaited after the first pieces were sent. */
  readonly hold?: Promise<unknown>
  /** The connection breaks, or the stream just ends, before the model is done. */
  readonly ends?: 'cut' | 'early'
  /** Said in the middle of the stream. */
  readonly streamError?: { readonly type: string; readonly message: string }
}

/** Text comes in pieces. */
const pieces = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? []
const argumentsOf = (args: object | string): string =>
  typeof args === 'string' ? args : JSON.stringify(args)
const halves = (text: string): string[] => {
  const middle = Math.ceil(text.length / 2)
  return [text.slice(0, middle), text.slice(middle)].filter((half) => half !== '')
}
const USAGE = { input: 10, output: 5 }

/** Anthropic's messages. */
export function formatAnthropic(answer: ScriptedAnswer, number: number): string[] {
  const { input, output, cacheRead = 0 } = { ...USAGE, ...answer.usage }
  const event = (type: string, data: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
  let index = -1
  const block = (start: object, deltas: readonly object[]): string[] => {
    index += 1
    return [
      event('content_block_start', { index, content_block: start }),
      ...deltas.map((delta) => event('content_block_delta', { index, delta })),
      event('content_block_stop', { index }),
    ]
  }
  const message = {
    id: `msg_${number}`,
    type: 'message',
    role: 'assistant',
    model: 'scripted',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: {
      input_tokens: input,
      output_tokens: 1,
      cache_read_input_tokens: cacheRead,
      cache_creation_input_tokens: 0,
    },
  }
  const thinking = answer.thinking ?? ''
  const blocks = [
    ...(thinking === ''
      ? []
      : block({ type: 'thinking', thinking: '', signature: '' }, [
          ...pieces(thinking).map((piece) => ({ type: 'thinking_delta', thinking: piece })),
          { type: 'signature_delta', signature: `signed-${number}` },
        ])),
    ...(answer.text === undefined
      ? []
      : block(
          { type: 'text', text: '' },
          pieces(answer.text).map((text) => ({ type: 'text_delta', text })),
        )),
    ...searchBlocks(answer, number, block),
    ...(answer.calls ?? []).flatMap(({ name, args, id, toolset }, at) =>
      block(
        {
          type: 'tool_use',
          id: id ?? `toolu_${number}_${at}`,
          name,
          input: {},
          ...(toolset === undefined ? {} : { toolset_name: toolset }),
        },
        halves(argumentsOf(args)).map((half) => ({ type: 'input_json_delta', partial_json: half })),
      ),
    ),
  ]
  return [
    event('message_start', { message }),
    ...blocks,
    event('message_delta', {
      delta: { stop_reason: answer.calls ? 'tool_use' : 'end_turn', stop_sequence: null },
      usage: { output_tokens: output },
    }),
    event('message_stop', {}),
  ]
}

function searchBlocks(
  { search }: ScriptedAnswer,
  number: number,
  block: (start: object, deltas: readonly object[]) => string[],
): string[] {
  if (search === undefined) return []
  const { query, url, title } = search
  const id = `srvtoolu_${number}`
  const found = { type: 'web_search_result', url, title, page_age: null, encrypted_content: 'sealed' }
  return [
    ...block({ type: 'server_tool_use', id, name: 'web_search', input: {} }, [
      { type: 'input_json_delta', partial_json: JSON.stringify({ query }) },
    ]),
    ...block({ type: 'web_search_tool_result', tool_use_id: id, content: [found] }, []),
  ]
}

/** OpenAI's chat completions, which others speak as well. */
export function formatChatCompletions(answer: ScriptedAnswer, number: number): string[] {
  const { input, output, cacheRead = 0 } = { ...USAGE, ...answer.usage }
  const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`
  const base = {
    id: `chatcmpl-${number}`,
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'scripted',
  }
  const chunk = (delta: object, finish: string | null = null): string =>
    data({ ...base, choices: [{ index: 0, delta, finish_reason: finish }] })
  return [
    chunk({ role: 'assistant', content: '' }),
    ...pieces(answer.text ?? '').map((content) => chunk({ content })),
    ...(answer.calls ?? []).flatMap(({ name, args }, index) => {
      const [first = '', ...rest] = halves(argumentsOf(args))
      const call = {
        index,
        id: `call_${number}_${index}`,
        type: 'function',
        function: { name, arguments: first },
      }
      return [
        chunk({ tool_calls: [call] }),
        ...rest.map((half) => chunk({ tool_calls: [{ index, function: { arguments: half } }] })),
      ]
    }),
    chunk({}, answer.calls ? 'tool_calls' : 'stop'),
    data({
      ...base,
      choices: [],
      usage: {
        prompt_tokens: input + cacheRead,
        completion_tokens: output,
        total_tokens: input + cacheRead + output,
        prompt_tokens_details: { cached_tokens: cacheRead },
      },
    }),
    'data: [DONE]\n\n',
  ]
}

/** OpenAI's responses. */
export function formatResponses(answer: ScriptedAnswer, number: number): string[] {
  const { input, output, cacheRead = 0 } = { ...USAGE, ...answer.usage }
  let sequence = 0
  const event = (type: string, data: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: (sequence += 1), ...data })}\n\n`
  const base = { id: `resp_${number}`, object: 'response', created_at: 1_700_000_000, model: 'scripted' }
  let at = -1
  const message = (text: string): string[] => {
    at += 1
    const item = {
      id: `msg_${number}`,
      type: 'message',
      role: 'assistant',
      status: 'in_progress',
      content: [],
    }
    const content = [{ type: 'output_text', text, annotations: [] }]
    return [
      event('response.output_item.added', { output_index: at, item }),
      ...pieces(text).map((delta) =>
        event('response.output_text.delta', {
          item_id: item.id,
          output_index: at,
          content_index: 0,
          delta,
          logprobs: [],
        }),
      ),
      event('response.output_item.done', {
        output_index: at,
        item: { ...item, status: 'completed', content },
      }),
    ]
  }
  const call = (name: string, args: string, index: number): string[] => {
    at += 1
    const item = {
      id: `fc_${number}_${index}`,
      type: 'function_call',
      call_id: `call_${number}_${index}`,
      name,
    }
    return [
      event('response.output_item.added', {
        output_index: at,
        item: { ...item, arguments: '', status: 'in_progress' },
      }),
      ...halves(args).map((delta) =>
        event('response.function_call_arguments.delta', { item_id: item.id, output_index: at, delta }),
      ),
      event('response.output_item.done', {
        output_index: at,
        item: { ...item, arguments: args, status: 'completed' },
      }),
    ]
  }
  return [
    event('response.created', { response: { ...base, status: 'in_progress', output: [], usage: null } }),
    ...(answer.text === undefined ? [] : message(answer.text)),
    ...(answer.calls ?? []).flatMap(({ name, args }, index) => call(name, argumentsOf(args), index)),
    event('response.completed', {
      response: {
        ...base,
        status: 'completed',
        output: [],
        usage: {
          input_tokens: input + cacheRead,
          input_tokens_details: { cached_tokens: cacheRead },
          output_tokens: output,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: input + cacheRead + output,
        },
      },
    }),
  ]
}
