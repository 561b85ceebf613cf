/** The folder below `release` in which electron-builder leaves the unpacked app. */
export function unpackedFolder(platform: NodeJS.Platform, arch: string): string {
  const suffix = arch === 'x64' ? '' : `-${arch}`
  if (platform === 'darwin') return `mac${suffix}`
  return platform === 'win32' ? `win${suffix}-unpacked` : `linux${suffix}-unpacked`
}

/** Where the program and the resources lie in it. */
export function packagedLayout(platform: NodeJS.Platform): { program: string; resources: string } {
  if (platform === 'darwin') {
    return { program: 'Outpost.app/Contents/MacOS/Outpost', resources: 'Outpost.app/Contents/Resources' }
  }
  return { program: platform === 'win32' ? 'Outpost.exe' : 'outpost', resources: 'resources' }
}
