/** What the deployment calls the command line for this computer (stable-api, section 19). */
const systems: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
}
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64', arm: 'armv7' }

/** File name below `/bin/`; `undefined` where there never is one. */
export function cliName(platform: NodeJS.Platform, arch: string): string | undefined {
  const system = systems[platform]
  const architecture = architectures[arch]
  if (system === undefined || architecture === undefined) return undefined
  return `coder-${system}-${architecture}${platform === 'win32' ? '.exe' : ''}`
}

/** First bytes of programs: ELF, Mach-O of 64 bits, Mach-O for several processors, and PE. */
const magics: Readonly<Record<string, readonly string[]>> = {
  linux: ['7f454c46'],
  darwin: ['cffaedfe', 'cafebabe'],
  win32: ['4d5a'],
}

/**
 * Whether a file begins as a program of the platform does. A proxy's sign-in page in place of the program was run as one
 * by others before.
 */
export function isProgram(head: Buffer, platform: NodeJS.Platform): boolean {
  return (magics[platform] ?? []).some(
    (magic) => head.subarray(0, magic.length / 2).toString('hex') === magic,
  )
}
