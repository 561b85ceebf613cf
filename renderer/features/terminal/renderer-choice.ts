import type { Settings } from '#ipc/settings'

/** GL drivers that draw on the CPU: slower there than plain elements, and they heat the machine. */
const softwareRenderers = /swiftshader|llvmpipe|softpipe|software|basic render/i

/** How to draw terminals. `glRenderer` is the driver's name, `undefined` where there is no WebGL. */
export function chooseRenderer(
  setting: Settings['terminal']['renderer'],
  glRenderer: string | undefined,
): 'webgl' | 'dom' {
  if (setting === 'dom' || glRenderer === undefined) return 'dom'
  if (setting === 'webgl') return 'webgl'
  return softwareRenderers.test(glRenderer) ? 'dom' : 'webgl'
}

/** Asks the browser which driver draws WebGL here. */
export function readGlRenderer(document: Document): string | undefined {
  const gl = document.createElement('canvas').getContext('webgl2')
  if (!gl) return undefined
  const info = gl.getExtension('WEBGL_debug_renderer_info')
  const name: unknown = info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : gl.getParameter(gl.RENDERER)
  // Contexts are few in a window; this one was only for its name.
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return typeof name === 'string' ? name : ''
}
