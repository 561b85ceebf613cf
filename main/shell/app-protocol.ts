/** Serves the renderer's output under the app's own scheme. */
import { readFile, realpath } from 'node:fs/promises'
import { protocol } from 'electron'
import { decideAppFile, isInside } from '../security/app-file.ts'
import { responseHeaders } from '../security/content-security-policy.ts'
import { appScheme } from '../security/origin.ts'

/** Must run before `ready`. No service workers and no CSP bypass: neither is asked for. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ])
}

/** Answers requests of the scheme from `root`, the renderer's output folder. */
export function serveApp(root: string): void {
  protocol.handle(appScheme, async (request) => {
    const decision = decideAppFile(request, root)
    if (decision.kind === 'refuse') return refusal(decision.status)
    const body = await readInside(root, decision.path)
    if (body === undefined) return refusal(404)
    return new Response(request.method === 'HEAD' ? null : body, {
      headers: responseHeaders(decision.contentType),
    })
  })
}

/** Reads a file whose real path, links resolved, is still inside `root`; `undefined` when there is none. */
async function readInside(root: string, file: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    // Inside an asar archive there are no links, and its paths have no real path on disk.
    if (!root.includes('.asar')) {
      const [realRoot, realFile] = await Promise.all([realpath(root), realpath(file)])
      if (!isInside(realRoot, realFile)) return undefined
    }
    return new Uint8Array(await readFile(file))
  } catch (error) {
    if (isNoSuchFile(error)) return undefined
    throw error
  }
}

/** A page can ask for any path: one that no file can have is as absent as one that no file has. */
const noSuchFile = new Set(['ENOENT', 'EISDIR', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'])

function isNoSuchFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && noSuchFile.has(String(error.code))
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: responseHeaders('text/plain; charset=utf-8') })
}
