/** One download of the deployment's command line into a file, with everything about it checked before it may be run. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { CliSignaturePolicy } from '../../contract/coder-cli.ts'
import { toError } from '../../lib/to-error.ts'
import { isProgram } from './cli-name.ts'
import { CliProblem } from './cli-problem.ts'
import { SignatureError, verifyDetachedSignature } from './openpgp-signature.ts'
import { coderReleaseKey } from './release-key.ts'

export type Fetch = typeof globalThis.fetch

export interface CliDownload {
  /** Of the deployment. It adds what requests to the deployment need. */
  readonly fetch: Fetch
  /** Of others: it adds nothing, so that a header meant for the deployment stays there. */
  readonly plainFetch: Fetch
  readonly baseUrl: string
  /** File name below `/bin/`. */
  readonly name: string
  /** The deployment's version, e.g. `v2.24.1`. */
  readonly version: string
  readonly platform: NodeJS.Platform
  readonly signature: CliSignaturePolicy
  readonly publicKey?: string
  /** SHA-1 in hex of a file that is there, so that it need not come again. */
  readonly known?: string | undefined
  /** Where to put it. */
  readonly target: string
  /** Epoch milliseconds. */
  readonly now: number
  readonly signal: AbortSignal
  readonly onProgress: (received: number, total: number | undefined) => void
}

/** A release is some 60 MB; ten times that is no release. */
const maxBytes = 600 * 1024 * 1024
const maxSignatureBytes = 64 * 1024
const publishedAt = 'https://releases.coder.com/coder-cli'

/**
 * Downloads into `target`.
 *
 * @returns false when the known file is still the deployment's.
 * @throws {CliProblem}
 */
export async function downloadCli(download: CliDownload): Promise<boolean> {
  const { host } = new URL(download.baseUrl)
  const response = await ask(download, download.fetch, new URL(`/bin/${download.name}`, download.baseUrl))
  if (response.status === 304) return false
  if (response.status === 404)
    throw new CliProblem(
      'not_offered',
      `${host} has no command line for this computer (${download.name}). Ask an administrator, or choose a program of your own in the deployment's settings.`,
    )
  if (!response.ok || response.body === null)
    throw new CliProblem('network', `${host} refused its command line (status ${String(response.status)}).`)
  const sha1 = await save(download, response)
  const tag = etagOf(response)
  if (tag !== undefined && tag !== sha1)
    throw new CliProblem('network', `The command line of ${host} arrived damaged. Try again.`)
  if (!isProgram(await headOf(download.target), download.platform))
    throw new CliProblem(
      'not_a_program',
      `What ${host} sent in place of its command line is no program. A proxy or a sign-in page may stand in between.`,
    )
  if (download.signature !== 'none') await checkSignature(download)
  return true
}

async function ask(download: CliDownload, send: Fetch, url: URL): Promise<Response> {
  try {
    return await send(url, {
      // A proxy that compressed on the way broke downloads for others.
      headers: {
        'Accept-Encoding': 'identity',
        ...(download.known === undefined ? {} : { 'If-None-Match': `"${download.known}"` }),
      },
      redirect: 'error',
      credentials: 'omit',
      signal: download.signal,
    })
  } catch (thrown) {
    throw problemOf(download, thrown, url.host)
  }
}

/** Writes the body and answers its SHA-1, which is what the server's ETag is. */
async function save(download: CliDownload, response: Response): Promise<string> {
  const { host } = new URL(download.baseUrl)
  const total = sizeOf(response)
  const digest = createHash('sha1')
  let received = 0
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length
      if (received > maxBytes) {
        done(new CliProblem('not_a_program', `What ${host} sends in place of its command line does not end.`))
        return
      }
      digest.update(chunk)
      download.onProgress(received, total)
      done(null, chunk)
    },
  })
  try {
    await pipeline(
      Readable.fromWeb(response.body as ReadableStream),
      count,
      createWriteStream(download.target, { flags: 'wx', mode: 0o700 }),
      { signal: download.signal },
    )
  } catch (thrown) {
    throw thrown instanceof CliProblem ? thrown : problemOf(download, thrown, host)
  }
  if (total !== undefined && received !== total)
    throw new CliProblem('network', `The command line of ${host} arrived cut off. Try again.`)
  return digest.digest('hex')
}

function sizeOf(response: Response): number | undefined {
  // With a compression in between only the second one tells the size of what comes out.
  const text = response.headers.has('content-encoding')
    ? response.headers.get('x-original-content-length')
    : (response.headers.get('content-length') ?? response.headers.get('x-original-content-length'))
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : undefined
}

function etagOf(response: Response): string | undefined {
  return /^(?:W\/)?"([0-9a-f]{40})"$/.exec(response.headers.get('etag') ?? '')?.[1]
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    return (await file.read(Buffer.alloc(4), 0, 4, 0)).buffer
  } finally {
    await file.close()
  }
}

async function checkSignature(download: CliDownload): Promise<void> {
  const { baseUrl, name } = download
  const { host } = new URL(baseUrl)
  const unsigned = { ...download, known: undefined }
  let signature = await readSignature(unsigned, download.fetch, new URL(`/bin/${name}.asc`, baseUrl))
  const release = /^v(\d+\.\d+\.\d+)$/.exec(download.version.replace(/\+.*$/, ''))?.[1]
  if (signature === undefined && download.signature === 'published' && release !== undefined)
    signature = await readSignature(
      unsigned,
      download.plainFetch,
      new URL(`${publishedAt}/${release}/${name}.asc`),
    )
  if (signature === undefined)
    throw new CliProblem(
      'unsigned',
      `${host} gives no signature for its command line, so nobody can say that it is Coder's. The deployment's settings have what to do about it.`,
    )
  try {
    const armored = { signature, publicKey: download.publicKey ?? coderReleaseKey }
    await verifyDetachedSignature(createReadStream(download.target), armored, download.now)
  } catch (thrown) {
    if (!(thrown instanceof SignatureError)) throw thrown
    throw new CliProblem(
      'bad_signature',
      `The command line of ${host} is not what Coder signed, and was not run. ${thrown.message} Tell an administrator.`,
    )
  }
}

async function readSignature(download: CliDownload, send: Fetch, url: URL): Promise<string | undefined> {
  const response = await ask(download, send, url)
  if (!response.ok) {
    await response.body?.cancel()
    return undefined
  }
  try {
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of Readable.fromWeb(response.body as ReadableStream) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxSignatureBytes) return undefined
      chunks.push(chunk)
    }
    const text = Buffer.concat(chunks).toString('latin1')
    // A page in its place is no signature, and no wrong one either.
    return text.includes('-----BEGIN PGP SIGNATURE-----') ? text : undefined
  } catch (thrown) {
    throw problemOf(download, thrown, url.host)
  }
}

function problemOf({ signal }: CliDownload, thrown: unknown, host: string): CliProblem {
  if (signal.aborted) return new CliProblem('aborted', 'The download was cancelled.')
  const error = toError(thrown)
  const cause = error.cause === undefined ? error : toError(error.cause)
  return new CliProblem(
    'network',
    `The command line could not be downloaded from ${host}: ${cause.message}`,
    {
      cause: error,
    },
  )
}
