/**
 * The test of an MCP server in a process that trusts one more certificate. Node reads whom to trust when it starts, and
 * without it a certificate that is out of date or of another host is refused for its issuer before that is looked at.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { testMcp, type McpTestTarget } from '../bridge/mcp-test.ts'
import { mcpTestResultSchema, type McpTestResult } from '../contract/mcp-test.ts'
import { systemClock } from '../lib/clock.ts'

const program = fileURLToPath(import.meta.url)

/** Runs the test there. The target goes by standard input, since it holds values. */
export async function runTrusting(certificate: string, target: McpTestTarget): Promise<McpTestResult> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'outpost-trusting-'))
  const file = path.join(folder, 'trusted.pem')
  try {
    await writeFile(file, certificate)
    const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
    const child = spawn(process.execPath, ['--import', loader, program], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_EXTRA_CA_CERTS: file },
    })
    child.stdin.end(JSON.stringify(target))
    let text = ''
    for await (const part of child.stdout) text += String(part)
    return mcpTestResultSchema.parse(JSON.parse(text))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === program) {
  let text = ''
  for await (const part of process.stdin) text += String(part)
  const { signal } = new AbortController()
  const result = await testMcp(JSON.parse(text) as McpTestTarget, { clock: systemClock, signal })
  process.stdout.write(JSON.stringify(result))
}
