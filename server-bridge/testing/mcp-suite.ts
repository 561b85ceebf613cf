/** Runs the official conformance suite of MCP against a server and answers the result of every check. */
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** `scenario/check: SUCCESS`, sorted. Informational checks are left out. */
export type SuiteResults = readonly string[]

/**
 * The suite imports `globSync` of Node 22 for a command we do not use; where Node has none it gets one that finds nothing.
 */
const forOlderNode = `data:text/javascript,${encodeURIComponent(`
import { register } from 'node:module'
const hook = \`export async function resolve(name, context, next) {
  if (name !== 'fs' || !context.parentURL?.includes('@modelcontextprotocol/conformance')) return next(name, context)
  const text = "export * from 'node:fs'; export { default } from 'node:fs'; export const globSync = () => []"
  return { url: 'data:text/javascript,' + encodeURIComponent(text), shortCircuit: true }
}\`
register('data:text/javascript,' + encodeURIComponent(hook))
`)}`

/** @throws when the suite could not be run; checks that fail are in the answer. */
export async function runMcpSuite(url: string): Promise<SuiteResults> {
  const folder = await mkdtemp(join(tmpdir(), 'outpost-mcp-suite-'))
  try {
    const program = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'))
    const args = ['--import', forOlderNode, program, 'server', '--url', url, '--output-dir', folder]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await new Promise((done, fail) => child.once('error', fail).once('close', done))
    const results = await readResults(folder)
    if (results.length === 0) throw new Error(`The suite did not run: ${said.slice(-2000)}`)
    return results
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function readResults(folder: string): Promise<SuiteResults> {
  const results: string[] = []
  for (const name of await readdir(folder)) {
    // `server-<scenario>-<time>`
    const scenario = /^server-(.+)-\d{4}-\d{2}-\d{2}T/.exec(name)?.[1] ?? name
    const checks = JSON.parse(await readFile(join(folder, name, 'checks.json'), 'utf8')) as {
      readonly id: string
      readonly status: string
    }[]
    for (const { id, status } of checks) if (status !== 'INFO') results.push(`${scenario}/${id}: ${status}`)
  }
  return results.toSorted()
}

/**
 * An address for the suite, which cannot be told to send a header: passes everything on with one more. Its own port in
 * `Host` and `Origin` becomes that of the target; other names stay, since the suite tries those too.
 */
export async function startSuiteEntrance(
  target: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { port: targetPort, pathname } = new URL(target)
  const entrance = createServer((request, response) => {
    const ours = `localhost:${String(port)}`
    const theirs = `localhost:${targetPort}`
    const given = { ...request.headers, ...headers }
    for (const name of ['host', 'origin'] as const) {
      const value = given[name]
      if (value !== undefined) given[name] = value.replace(ours, theirs)
    }
    const outgoing = httpRequest(
      { host: '127.0.0.1', port: targetPort, path: request.url, method: request.method, headers: given },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        response.flushHeaders()
        answer.pipe(response)
        answer.once('error', () => response.destroy())
      },
    )
    outgoing.once('error', () => response.destroy())
    response.once('close', () => outgoing.destroy())
    request.pipe(outgoing)
  })
  await new Promise<void>((done) => entrance.listen(0, '127.0.0.1', done))
  const { port } = entrance.address() as AddressInfo
  return {
    url: `http://localhost:${String(port)}${pathname}`,
    async close() {
      entrance.closeAllConnections()
      await new Promise((done) => entrance.close(done))
    },
  }
}
