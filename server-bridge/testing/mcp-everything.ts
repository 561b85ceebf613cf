/* eslint-disable @typescript-eslint/no-deprecated -- the plain server is what the suite is written for */
/** What the official conformance suite of MCP asks a server for, on the 1.x SDK with the protocol of 2025. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListResourcesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
  type CallToolResult,
  type GetPromptResult,
} from '@modelcontextprotocol/sdk/types.js'
import { setTimeout as pause } from 'node:timers/promises'

/** A picture of one pixel, and as little sound. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA='

const text = (words: string): { type: 'text'; text: string } => ({ type: 'text', text: words })
const image = { type: 'image' as const, data: png, mimeType: 'image/png' }
const empty = { type: 'object' as const, properties: {} }

interface Tools {
  readonly server: Server
  readonly arguments: Readonly<Record<string, unknown>>
  readonly progressToken: string | number | undefined
  readonly notify: (notification: never) => Promise<void>
  readonly request: (request: never, schema: never) => Promise<Readonly<Record<string, unknown>>>
}

type Tool = (given: Tools) => Promise<CallToolResult> | CallToolResult
const shortly = 50

const tools: Readonly<Record<string, Tool>> = {
  test_simple_text: () => ({ content: [text('This is a simple text response for testing.')] }),
  test_image_content: () => ({ content: [image] }),
  test_audio_content: () => ({ content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }] }),
  test_embedded_resource: () => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  }),
  test_multiple_content_types: () => ({
    content: [
      text('Multiple content types test:'),
      image,
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: '{"test":"data","value":123}',
        },
      },
    ],
  }),
  async test_tool_with_logging({ notify }) {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await notify({ method: 'notifications/message', params: { level: 'info', data } } as never)
      await pause(shortly)
    }
    return { content: [text('Logged three times.')] }
  },
  async test_tool_with_progress({ notify, progressToken }) {
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) {
        await notify({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 100 },
        } as never)
      }
      await pause(shortly)
    }
    return { content: [text('Three steps.')] }
  },
  test_error_handling: () => ({
    isError: true,
    content: [text('This tool intentionally returns an error for testing')],
  }),
  async test_sampling({ server, arguments: { prompt } }) {
    const { content } = await server.createMessage({
      messages: [{ role: 'user', content: text(String(prompt)) }],
      maxTokens: 100,
    })
    const said = 'text' in content ? content.text : ''
    return { content: [text(`LLM response: ${said}`)] }
  },
  test_elicitation: ({ server, arguments: { message } }) =>
    elicit(server, String(message), 'User response', {
      username: { type: 'string', description: "User's response" },
      email: { type: 'string', description: "User's email address" },
    }),
  test_elicitation_sep1034_defaults: ({ server }) =>
    elicit(server, 'Defaults', 'Elicitation completed', {
      name: { type: 'string', default: 'John Doe' },
      age: { type: 'integer', default: 30 },
      score: { type: 'number', default: 95.5 },
      status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
      verified: { type: 'boolean', default: true },
    }),
  test_elicitation_sep1330_enums: ({ server }) =>
    elicit(server, 'Choices', 'Elicitation completed', {
      untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
      titledSingle: { type: 'string', oneOf: titled('value', 'Option') },
      legacyEnum: {
        type: 'string',
        enum: ['opt1', 'opt2', 'opt3'],
        enumNames: ['Option One', 'Option Two', 'Option Three'],
      },
      untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
      titledMulti: { type: 'array', items: { anyOf: titled('value', 'Choice') } },
    }),
  /** As many events of a size as one wants, as fast as they go. */
  async flood({ notify, arguments: { count, size } }) {
    const data = 'x'.repeat(Number(size))
    for (let sent = 0; sent < Number(count); sent += 1) {
      await notify({ method: 'notifications/message', params: { level: 'info', data } } as never)
    }
    return { content: [text('That was all.')] }
  },
  json_schema_2020_12_tool: () => ({ content: [text('There is a schema.')] }),
}

const titled = (value: string, title: string): { const: string; title: string }[] =>
  ['First', 'Second', 'Third'].map((which, at) => ({
    const: `${value}${String(at + 1)}`,
    title: `${which} ${title}`,
  }))

async function elicit(
  server: Server,
  message: string,
  said: string,
  properties: Readonly<Record<string, object>>,
): Promise<CallToolResult> {
  const requestedSchema = { type: 'object' as const, properties, required: [] }
  const { action, content } = await server.elicitInput({ message, requestedSchema: requestedSchema as never })
  return { content: [text(`${said}: action=${action}, content=${JSON.stringify(content ?? {})}`)] }
}

const schemas: Readonly<Record<string, { type: 'object' } & Readonly<Record<string, unknown>>>> = {
  test_sampling: { type: 'object', properties: { prompt: { type: 'string' } }, required: ['prompt'] },
  test_elicitation: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
  json_schema_2020_12_tool: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: {
      address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } },
    },
    properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
    additionalProperties: false,
  },
}

const prompts: Readonly<
  Record<string, (given: Readonly<Record<string, string>>) => GetPromptResult['messages']>
> = {
  test_simple_prompt: () => [{ role: 'user', content: text('This is a simple prompt for testing.') }],
  test_prompt_with_arguments: ({ arg1, arg2 }) => [
    { role: 'user', content: text(`Prompt with arguments: arg1='${arg1 ?? ''}', arg2='${arg2 ?? ''}'`) },
  ],
  test_prompt_with_embedded_resource: ({ resourceUri: uri = '' }) => [
    {
      role: 'user',
      content: {
        type: 'resource',
        resource: { uri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
      },
    },
    { role: 'user', content: text('Please process the embedded resource above.') },
  ],
  test_prompt_with_image: () => [
    { role: 'user', content: image },
    { role: 'user', content: text('Please analyze the image above.') },
  ],
}
const promptArguments: Readonly<Record<string, readonly string[]>> = {
  test_prompt_with_arguments: ['arg1', 'arg2'],
  test_prompt_with_embedded_resource: ['resourceUri'],
}

function readResource(
  uri: string,
): { uri: string; mimeType: string; text: string } | { uri: string; mimeType: string; blob: string } {
  if (uri === 'test://static-binary') return { uri, mimeType: 'image/png', blob: png }
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1]
  if (id !== undefined) {
    const data = { id, templateTest: true, data: `Data for ID: ${id}` }
    return { uri, mimeType: 'application/json', text: JSON.stringify(data) }
  }
  return { uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }
}

/** A server for one session. `more` adds tools that answer a text. */
export function createEverythingServer(
  more: Readonly<Record<string, (given: Readonly<Record<string, unknown>>) => string>> = {},
): Server {
  const server = new Server(
    { name: 'everything', version: '1.0.0' },
    {
      capabilities: { tools: {}, prompts: {}, resources: { subscribe: true }, logging: {}, completions: {} },
    },
  )
  const all: Readonly<Record<string, Tool>> = {
    ...tools,
    ...Object.fromEntries(
      Object.entries(more).map(([name, answer]): [string, Tool] => [
        name,
        (given) => ({ content: [text(answer(given.arguments))] }),
      ]),
    ),
  }
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: Object.keys(all).map((name) => ({
      name,
      description: `Does ${name}`,
      inputSchema: schemas[name] ?? empty,
    })),
  }))
  server.setRequestHandler(
    CallToolRequestSchema,
    async ({ params }, { sendNotification, sendRequest, _meta }) => {
      const tool = all[params.name]
      if (tool === undefined) throw new Error(`There is no tool ${params.name}.`)
      return await tool({
        server,
        arguments: params.arguments ?? {},
        progressToken: _meta?.progressToken,
        notify: sendNotification,
        request: sendRequest,
      })
    },
  )
  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: Object.keys(prompts).map((name) => ({
      name,
      description: `Says ${name}`,
      arguments: (promptArguments[name] ?? []).map((one) => ({ name: one, required: true })),
    })),
  }))
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => ({
    messages: prompts[params.name]?.(params.arguments ?? {}) ?? [],
  }))
  server.setRequestHandler(ListResourcesRequestSchema, () => ({
    resources: ['test://static-text', 'test://static-binary'].map((uri) => ({
      uri,
      name: uri.slice(7),
      description: `The resource ${uri}`,
    })),
  }))
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'data', description: 'By id' }],
  }))
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) => ({
    contents: [readResource(params.uri)],
  }))
  server.setRequestHandler(SubscribeRequestSchema, () => ({}))
  server.setRequestHandler(UnsubscribeRequestSchema, () => ({}))
  server.setRequestHandler(SetLevelRequestSchema, () => ({}))
  server.setRequestHandler(CompleteRequestSchema, () => ({
    completion: { values: ['paris', 'park'], total: 2, hasMore: false },
  }))
  return server
}
