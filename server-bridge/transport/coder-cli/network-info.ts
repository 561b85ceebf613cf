/** What the command line tells of its network every few seconds (stable-api, section 17). */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../../lib/clock.ts'

const networkInfoSchema = z.object({
  /** Whether the connection is a direct one; relayed otherwise. */
  p2p: z.boolean(),
  /** Milliseconds. */
  latency: z.number(),
  /** Name of the relay that is used, or would be. */
  preferred_derp: z.string().catch(''),
  upload_bytes_sec: z.number().catch(0),
  download_bytes_sec: z.number().catch(0),
  /** The way goes through Coder Connect's own tunnel, which tells nothing more. */
  using_coder_connect: z.boolean().catch(false),
})
export type NetworkInfo = z.infer<typeof networkInfoSchema>

const intervalMs = 5_000

/**
 * Reads the file of this process's command line while it runs. Answers the function that stops it.
 *
 * @param folder what was given as `--network-info-dir`; the file is named after the program's parent.
 */
export function watchNetworkInfo(
  folder: string,
  clock: Clock,
  onInfo: (info: NetworkInfo) => void,
): () => void {
  const file = join(folder, `${String(process.pid)}.json`)
  let isStopped = false
  const read = async (): Promise<void> => {
    // Not there yet, or half written: the next look has it.
    const text = await readFile(file, 'utf8').catch(() => '')
    const parsed = networkInfoSchema.safeParse(parseJson(text))
    if (parsed.success && !isStopped) onInfo(parsed.data)
  }
  const stop = clock.every(intervalMs, () => void read())
  return () => {
    isStopped = true
    stop()
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
