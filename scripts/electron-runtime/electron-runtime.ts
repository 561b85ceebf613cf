/** An Electron that can be started on this machine. */
export interface ElectronRuntime {
  /** `chosen`: named by ELECTRON_OVERRIDE_DIST_PATH. `package`: the pinned npm package's own. `offline`: the fallback. */
  readonly kind: 'chosen' | 'package' | 'offline'
  readonly version: string
  readonly executablePath: string
  /** The folder electron-builder takes as `electronDist`. */
  readonly distFolder: string
}

/** Where the program lies inside an Electron distribution. */
export function programName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return platform === 'win32' ? 'electron.exe' : 'electron'
}
