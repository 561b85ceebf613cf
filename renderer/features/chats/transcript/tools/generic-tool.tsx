import { PlugIcon, WrenchIcon } from '../../../../ui/icons.tsx'
import { oneLine } from '../hostile-text.ts'
import { jsonText } from '../json-text.ts'
import { PlainText } from '../long-text.tsx'
import { CallState, CardBody, Mono, ToolCard } from '../tool-card.tsx'
import { fieldsOf } from '../tool-fields.ts'
import { useActions } from '../transcript-actions.ts'
import type { ToolCall } from '../transcript-rows.ts'
import { FailureBody } from './failure-body.tsx'
import { MediaBody } from './media-body.tsx'
import { knownMcpTool } from './mcp-tool-name.ts'
import { mediaOf } from './media-result.ts'
import type { ToolProps } from './tool-kind.ts'
import { failureOf, innerArgs, intentOf, outputOf } from './tool-words.ts'

/** Any tool without a card of its own: of MCP servers, of the program that started the chat, of a newer server. */
export function GenericTool({ call }: ToolProps) {
  const { serverNames } = useActions()
  const { server, tool } = readName(call, serverNames)
  const media = mediaOf(call)
  const args = innerArgs(call.args)
  return (
    <ToolCard
      icon={server === undefined ? <WrenchIcon /> : <PlugIcon />}
      title={
        <>
          {intentOf(call) ?? server ?? null}{' '}
          <Mono quiet>
            {oneLine(tool, 80)}({firstArgument(args)})
          </Mono>
        </>
      }
      meta={<CallState call={call} />}
      more={() => (
        <CardBody>
          <Part title="Arguments">{call.args === undefined ? call.argsHead : jsonText(args)}</Part>
          {call.result === undefined || media ? null : <Part title="Result">{resultText(call.result)}</Part>}
        </CardBody>
      )}
    >
      <MediaBody media={media} />
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: string }) {
  return (
    <div className="border-line not-last:border-b">
      <div className="px-3 pt-1.5 text-sm text-fg-3">{title}</div>
      <PlainText text={children} className="pt-0.5" />
    </div>
  )
}

/** The server's name and the tool's: `slug__tool` is how tools of MCP servers are called. */
function readName(
  { name, serverId }: ToolCall,
  names: ReadonlyMap<string, string> | undefined,
): { readonly server: string | undefined; readonly tool: string } {
  const own = serverId === undefined ? knownMcpTool(name, names) : undefined
  if (own !== undefined) return own
  const cut = name.indexOf('__')
  if (cut <= 0) return { server: serverId === undefined ? undefined : names?.get(serverId), tool: name }
  const slug = name.slice(0, cut)
  const known = (serverId === undefined ? undefined : names?.get(serverId)) ?? names?.get(slug)
  return { server: oneLine(known ?? slug, 60), tool: name.slice(cut + 2) }
}

/** The first short argument, as a hint at what was asked. */
function firstArgument(args: unknown): string {
  for (const value of Object.values(fieldsOf(args))) {
    if (typeof value === 'string' && value !== '') return `"${oneLine(value, 60)}"`
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  }
  return ''
}

/** JSON inside of a text is written as JSON, so that it can be read. */
function resultText(result: unknown): string {
  const text = outputOf(result)
  if (text === undefined) return jsonText(result)
  if (!/^\s*[[{]/.test(text) || text.length > 200_000) return text
  try {
    return jsonText(JSON.parse(text))
  } catch {
    // Only looked like it.
    return text
  }
}
