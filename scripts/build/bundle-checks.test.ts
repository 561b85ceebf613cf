import { describe, expect, it } from 'vitest'
import { PRELOAD_LIMIT_BYTES, checkPart } from './bundle-checks.ts'

const preload = (text: string): readonly string[] =>
  checkPart('preload', [{ name: 'index.cjs', text }], false)
const renderer = (text: string): readonly string[] =>
  checkPart('renderer', [{ name: 'assets/index.js', text }], false)

describe('the check of the preload', () => {
  it('accepts a small file that requires electron only', () => {
    expect(preload('require("electron").contextBridge.exposeInMainWorld(`bridge`, {})')).toEqual([])
  })

  it('refuses a file above the limit', () => {
    expect(preload('x'.repeat(PRELOAD_LIMIT_BYTES + 1))).toEqual([
      expect.stringContaining('the limit of a preload'),
    ])
  })

  it('refuses zod', () => {
    expect(preload('inst._zod.def')).toEqual([expect.stringContaining('contains zod')])
  })

  it('refuses a module the sandbox does not have', () => {
    expect(preload('require(`node:fs`)')).toEqual([expect.stringContaining('requires "node:fs"')])
  })

  it('refuses a second file', () => {
    const files = [
      { name: 'index.cjs', text: '' },
      { name: 'chunk.cjs', text: '' },
    ]
    expect(checkPart('preload', files, false)).toEqual([expect.stringContaining('index.cjs, chunk.cjs')])
  })
})

describe('the check of what runs in Node', () => {
  const entries = ['serve.js', 'agent.js', 'bridge.js'].map((name) => ({ name, text: '' }))
  const checked = (text: string) => checkPart('server-bridge', [...entries, { name: 'lib.js', text }], false)

  it('refuses a name that only CommonJS has', () => {
    expect(checked('path = __dirname + "/"')).toEqual([expect.stringContaining('lib.js names __dirname')])
  })

  it('accepts what a module has in its place, and the name in a text', () => {
    expect(checked('path = import.meta.dirname; text = "__dirname"; x.__dirname')).toEqual([])
  })
})

describe('the check of the renderer', () => {
  it('accepts imports of its own files', () => {
    expect(renderer('import{a as b}from"./chunk.js";const c=()=>import("./late.js")')).toEqual([])
  })

  it.each([
    'import{readFile}from"node:fs";',
    'import"electron";',
    'const a=()=>import(`electron/renderer`)',
    'const a=require("electron")',
    'import x from "__vite-browser-external:fs"',
  ])('refuses %s', (text) => {
    expect(renderer(text)).toHaveLength(1)
  })

  it('does not mistake words for imports', () => {
    expect(renderer('const a="the electron shell";const b="node: unknown"')).toEqual([])
  })

  it.each(['eval("x")', 'new Function("return 1")', 'let f=Function(`x`)', 'class a{get _zod(){}}'])(
    'refuses %s',
    (text) => {
      expect(renderer(text)).toHaveLength(1)
    },
  )

  it('takes what only looks like it', () => {
    expect(renderer('a.eval(1);isFunction(b);x instanceof Function;medieval(2)')).toEqual([])
  })
})

describe('the check of every part', () => {
  it('refuses source maps in production and allows them in development', () => {
    const files = [{ name: 'index.js', text: 'a()\n//# sourceMappingURL=index.js.map' }]
    expect(checkPart('main', files, false)).toHaveLength(1)
    expect(checkPart('main', files, true)).toEqual([])
  })

  it('names the entries that are missing', () => {
    const files = [{ name: 'serve.js', text: '' }]
    expect(checkPart('server-bridge', files, false)).toEqual([
      'agent.js was not built.',
      'bridge.js was not built.',
    ])
  })
})
