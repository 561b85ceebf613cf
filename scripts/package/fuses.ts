/** The fuses of the packaged app, as they have to be read from the finished program. */
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'

/** The wire holds these characters, see Electron's documentation of fuses. */
const STATE = { off: '0'.charCodeAt(0), on: '1'.charCodeAt(0) } as const

/** What each fuse of the fuse wire has to be. The wire of Electron 33 and later ends with the file-privilege fuse. */
export const EXPECTED_FUSES: readonly {
  readonly index: number
  readonly name: string
  readonly enabled: boolean
}[] = [
  { index: FuseV1Options.RunAsNode, name: 'runAsNode', enabled: false },
  { index: FuseV1Options.EnableCookieEncryption, name: 'enableCookieEncryption', enabled: true },
  {
    index: FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    name: 'enableNodeOptionsEnvironmentVariable',
    enabled: false,
  },
  {
    index: FuseV1Options.EnableNodeCliInspectArguments,
    name: 'enableNodeCliInspectArguments',
    enabled: false,
  },
  {
    index: FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
    name: 'enableEmbeddedAsarIntegrityValidation',
    enabled: true,
  },
  { index: FuseV1Options.OnlyLoadAppFromAsar, name: 'onlyLoadAppFromAsar', enabled: true },
  {
    index: FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
    name: 'loadBrowserProcessSpecificV8Snapshot',
    enabled: false,
  },
  // This release of @electron/fuses has no name for the eighth, but reads it.
  { index: 7, name: 'grantFileProtocolExtraPrivileges', enabled: false },
]

/** Answers a sentence for each fuse that is not as it should be. */
export async function checkFuses(program: string): Promise<readonly string[]> {
  const wire = (await getCurrentFuseWire(program)) as unknown as Readonly<Record<number, number | undefined>>
  return EXPECTED_FUSES.filter(({ index, enabled }) => wire[index] !== (enabled ? STATE.on : STATE.off)).map(
    ({ index, name, enabled }) =>
      `The fuse ${name} has to be ${enabled ? 'on' : 'off'}, but reads ${String(wire[index])}.`,
  )
}
