import { describe, expect, it } from 'vitest'
import { addToMcpJson, McpJsonError, removeFromMcpJson } from './mcp-json.ts'

const bearer = 'a'.repeat(43)
const entry = { transport: 'streamable_http', port: 21_000, bearer } as const
const own = {
  type: 'http',
  url: 'http://127.0.0.1:21000/mcp',
  headers: { Authorization: `Bearer ${bearer}` },
}
const parse = (text: string | null | undefined): unknown => JSON.parse(text ?? 'null')

describe('adding a server', () => {
  it.each([undefined, '', ' \n', '{}', '\uFEFF{}'])('to %j makes a file with it', (text) => {
    expect(parse(addToMcpJson(text, 'obs', entry))).toEqual({ mcpServers: { obs: own } })
  })

  it('keeps everything else, and the indentation', () => {
    const before = '{\n\t"mcpServers": {\n\t\t"files": {"command": "files"}\n\t},\n\t"x": [1]\n}\n'
    const after = addToMcpJson(before, 'obs', { ...entry, transport: 'sse' })
    expect(parse(after)).toEqual({
      mcpServers: { files: { command: 'files' }, obs: { ...own, type: 'sse' } },
      x: [1],
    })
    expect(after).toContain('\n\t\t"obs": {\n')
  })

  it('takes the place of one that an earlier gateway left behind', () => {
    const left = addToMcpJson(undefined, 'obs', { ...entry, port: 1, bearer: 'b'.repeat(43) })
    expect(parse(addToMcpJson(left, 'obs', entry))).toEqual({ mcpServers: { obs: own } })
  })

  it('never takes the place of anybody else’s', () => {
    for (const other of [
      { command: 'obs' },
      { ...own, url: 'http://127.0.0.1:21000/other' },
      { ...own, headers: { Authorization: `Bearer ${bearer}`, 'X-More': '1' } },
      'text',
      null,
    ]) {
      const after = addToMcpJson(JSON.stringify({ mcpServers: { obs: other } }), 'obs', entry)
      expect(parse(after)).toEqual({ mcpServers: { obs: other, 'obs-gateway': own } })
    }
    const both = JSON.stringify({ mcpServers: { obs: {}, 'obs-gateway': {} } })
    expect(() => addToMcpJson(both, 'obs', entry)).toThrow(McpJsonError)
  })

  it.each(['[]', '"x"', 'null', '{ // mine\n}', '{"mcpServers": []}', '{"mcpServers": "x"}'])(
    'to %j is refused',
    (text) => {
      expect(() => addToMcpJson(text, 'obs', entry)).toThrow(McpJsonError)
    },
  )

  it('called like a part of every object adds nothing but a server', () => {
    const after = addToMcpJson('{}', '__proto__', entry)
    expect(after).toContain('21000')
    expect(({} as Record<string, unknown>)['url']).toBeUndefined()
  })
})

describe('removing it', () => {
  it('leaves the rest', () => {
    const before = JSON.stringify({ mcpServers: { files: { command: 'files' }, obs: own } })
    expect(parse(removeFromMcpJson(before, bearer))).toEqual({ mcpServers: { files: { command: 'files' } } })
    const more = JSON.stringify({ mcpServers: { obs: own }, more: 1 })
    expect(parse(removeFromMcpJson(more, bearer))).toEqual({ mcpServers: {}, more: 1 })
  })

  it('removes the file when nothing is left', () => {
    expect(removeFromMcpJson(addToMcpJson(undefined, 'obs', entry), bearer)).toBeNull()
  })

  it('does nothing where it is not', () => {
    const other = addToMcpJson(undefined, 'obs', { ...entry, bearer: 'b'.repeat(43) })
    for (const text of [undefined, '', '{}', 'no JSON', other]) {
      expect(removeFromMcpJson(text, bearer)).toBeUndefined()
    }
  })
})
