import { expect, it } from 'vitest'
import { parseServerArguments } from './run-standalone.ts'

it('reads port and folder, with any free port as the default', () => {
  expect(parseServerArguments(['--port', '4000', '--data-dir', '/tmp/x'])).toEqual({
    port: 4000,
    dataDir: '/tmp/x',
    rotateSecretKey: false,
  })
  expect(parseServerArguments([])).toMatchObject({ port: 0 })
  expect(parseServerArguments(['--rotate-secret-key'])).toMatchObject({ rotateSecretKey: true })
  expect(parseServerArguments(['--help'])).toBe('help')
})

it('says what is wrong with a command line', () => {
  for (const argv of [['--port', 'x'], ['--port', '70000'], ['--port=-1'], ['--colour'], ['extra']]) {
    expect(parseServerArguments(argv)).toMatchObject({ problem: expect.stringMatching(/./) })
  }
})
