import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Logger } from '../lib/logger.ts'
import type { ProcessHost } from '../lib/process-host.ts'
import type { Provisioner } from '../provisioner/provisioner.ts'
import { type LocalDeployment, startLocalDeployment } from './local-deployment.ts'
import type { ListShippedTemplates } from './services/shipped-templates.ts'
import { startFailureMessage } from './start-failure.ts'

export interface StandaloneServerDeps {
  readonly argv: readonly string[]
  readonly logger: Logger
  readonly processHost: ProcessHost
  readonly provisioner: Provisioner
  readonly listShippedTemplates: ListShippedTemplates
  readonly print: (line: string) => void
  readonly complain: (line: string) => void
  readonly exit: (code: number) => void
}

const USAGE = `Usage: npm run server -- [--port N] [--data-dir DIR] [--rotate-secret-key]

Runs a Coder-compatible local deployment on 127.0.0.1.

  --port N        port to listen on; 0 (the default) takes any free one
  --data-dir DIR  folder of the database and the workspaces (default: ./outpost-data)
  --rotate-secret-key
                  seal the stored secrets with a new key before serving
  --help          this text

When it is ready it prints one line of JSON: {"url":"http://127.0.0.1:…","pid":…}.
A fresh folder has no user: make the first one with POST /api/v2/users/first.
SIGTERM or Ctrl+C ends it; workspaces that run are started again the next time.`

interface Arguments {
  readonly port: number
  readonly dataDir: string
  readonly rotateSecretKey: boolean
}

/** Reads the command line: what to run, or text to show instead. */
export function parseServerArguments(
  argv: readonly string[],
): Arguments | { readonly problem: string } | 'help' {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string', default: '0' },
        'data-dir': { type: 'string', default: 'outpost-data' },
        'rotate-secret-key': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) return 'help'
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
      return { problem: `--port must be a number from 0 to 65535, not "${values.port}".` }
    }
    return {
      port: Number(values.port),
      dataDir: resolve(values['data-dir']),
      rotateSecretKey: values['rotate-secret-key'],
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Runs the server by itself, as `npm run server`. */
export async function runStandaloneServer(deps: StandaloneServerDeps): Promise<void> {
  const { argv, logger, processHost, provisioner, listShippedTemplates, print, complain, exit } = deps
  const parsed = parseServerArguments(argv)
  if (parsed === 'help') {
    print(USAGE)
    return
  }
  if ('problem' in parsed) {
    complain(`${parsed.problem}\nTry --help.`)
    exit(1)
    return
  }
  let deployment: LocalDeployment
  try {
    deployment = await startLocalDeployment({
      ...parsed,
      processHost,
      provisioner,
      listShippedTemplates,
      logger,
    })
  } catch (error) {
    const { message, detail } = startFailureMessage(error, parsed.port)
    logger.debug('The local deployment could not start', { detail })
    complain(message)
    exit(1)
    return
  }
  let isEnding = false
  const end = async (): Promise<void> => {
    if (isEnding) return
    isEnding = true
    await deployment.close()
    exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end())
  print(JSON.stringify({ url: deployment.url, pid: process.pid }))
}
