// Stand-in for Electron's own default_app.asar, which the offline runtime lacks:
//   electron [-r module] [switches] <app folder or file> [arguments of the app]
// It is ESM with top-level await, as the original is: Electron holds back the app's `ready` event until this module
// has finished loading. A CommonJS default app lets `ready` pass before an ESM main has registered anything.
import { app } from 'electron/main'
import fs from 'node:fs'
import Module from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** Splits argv the way Electron's default app does: switches first, then the app, and the rest belongs to the app. */
function readArguments(argv) {
  const required = []
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index]
    if (argument === '--version' || argument === '-v') return { required, showVersion: true }
    if (argument === '-r' || argument === '--require') required.push(argv[++index])
    else if (argument.startsWith('--app=')) return { required, file: argument.slice('--app='.length) }
    else if (!argument.startsWith('-')) return { required, file: argument }
  }
  return { required }
}

/** Gives the app its name, version and path from its package.json and answers the file to import. */
function describeApp(target) {
  const manifestFile = path.join(target, 'package.json')
  if (!fs.existsSync(manifestFile)) {
    app.setAppPath(path.dirname(target))
    return target
  }
  const manifest = JSON.parse(fs.readFileSync(manifestFile, 'utf8'))
  if (manifest.version) app.setVersion(manifest.version)
  if (manifest.productName || manifest.name) app.name = manifest.productName || manifest.name
  app.setDesktopName(manifest.desktopName || `${app.name}.desktop`)
  app.setAppPath(target)
  return path.resolve(target, manifest.main || 'index.js')
}

const { required, file, showVersion } = readArguments(process.argv.slice(1))
if (showVersion) {
  console.log(`v${process.versions.electron}`)
  process.exit(0)
}
if (file === undefined) {
  console.error('Usage: electron [switches] <path to the app> [arguments]')
  process.exit(1)
}
if (required.length > 0) Module._preloadModules(required)
try {
  const main = Module._resolveFilename(describeApp(path.resolve(file)), null, true)
  await import(pathToFileURL(main).toString())
} catch (error) {
  console.error('The app threw an error while it was loaded')
  console.error(error?.stack ?? error)
  process.exit(1)
}
