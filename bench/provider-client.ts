/**
 * `--import tsx bench/provider-client.ts URL FILE ROUNDS`: a provider's client with no chat around it. It asks the
 * question in FILE, as a chat once sent it, so many times, reads each answer to its end, and then prints a line.
 */
import { readFile } from 'node:fs/promises'
import type { LanguageModelV3CallOptions as CallOptions } from '@ai-sdk/provider'
import { z } from 'zod'
import { openModel } from '#bridge/server/services/chats/provider-clients'

type Prompt = CallOptions['prompt']

const blockSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.unknown() }),
  z.object({ type: z.literal('tool_result'), tool_use_id: z.string(), content: z.unknown() }),
])
/** What of a question the client is told again. */
const questionSchema = z.object({
  model: z.string(),
  max_tokens: z.int(),
  system: z.array(z.object({ text: z.string() })),
  messages: z.array(z.object({ role: z.enum(['user', 'assistant']), content: z.array(blockSchema) })),
  tools: z.array(z.object({ name: z.string(), description: z.string(), input_schema: z.unknown() })),
})
type Question = z.infer<typeof questionSchema>
type Block = z.infer<typeof blockSchema>

function toPrompt({ system, messages }: Question): Prompt {
  return [
    ...system.map(({ text }) => ({ role: 'system' as const, content: text })),
    ...messages.flatMap(({ role, content }): Prompt => {
      if (role === 'assistant') return [{ role, content: content.flatMap(toAssistantPart) }]
      const results = content.flatMap(toResult)
      const texts = content.flatMap((block) =>
        block.type === 'text' ? [{ type: 'text' as const, text: block.text }] : [],
      )
      return [
        ...(results.length === 0 ? [] : [{ role: 'tool' as const, content: results }]),
        ...(texts.length === 0 ? [] : [{ role, content: texts }]),
      ]
    }),
  ]
}

type PartOf<Role extends Prompt[number]['role']> = Extract<Prompt[number], { role: Role }>['content'][number]

function toAssistantPart(block: Block): PartOf<'assistant'>[] {
  if (block.type === 'text') return [{ type: 'text', text: block.text }]
  if (block.type !== 'tool_use') return []
  return [{ type: 'tool-call', toolCallId: block.id, toolName: block.name, input: block.input }]
}

function toResult(block: Block): PartOf<'tool'>[] {
  if (block.type !== 'tool_result') return []
  const output = { type: 'text' as const, value: z.string().parse(block.content) }
  return [{ type: 'tool-result', toolCallId: block.tool_use_id, toolName: 'list_agents', output }]
}

const [url = '', file = '', rounds = ''] = process.argv.slice(2)
const question = questionSchema.parse(JSON.parse(await readFile(file, 'utf8')))
const provider: Parameters<typeof openModel>[0] = {
  id: 'bench',
  type: 'anthropic',
  name: 'bench',
  display_name: '',
  icon: '',
  enabled: 1,
  base_url: url,
  settings_sealed: null,
  created_at: 0,
  updated_at: 0,
}
const prompt = toPrompt(question)
for (let round = 0; round < Number(rounds); round += 1) {
  const model = await openModel(provider, { apiKey: 'none', bedrock: undefined }, { model: question.model })
  const { stream } = await model.doStream({
    prompt,
    tools: question.tools.map(({ name, description, input_schema: schema }) => ({
      type: 'function',
      name,
      description,
      inputSchema: schema as never,
    })),
    toolChoice: { type: 'auto' },
    maxOutputTokens: question.max_tokens,
  })
  for await (const part of stream) if (part.type === 'error') throw part.error
}
console.log('done')
// The line is what is waited for, and then this is stopped.
setInterval(() => undefined, 60_000)
