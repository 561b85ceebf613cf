import { describe, expect, it } from 'vitest'
import { requestAddress, requestPath } from './request-path.ts'

/** Of a request line, as the app sees it. */
const pathOf = (target: string): string => requestPath(requestAddress(target))

describe('the path of a request', () => {
  it.each([
    ['/api/v2/users/me', '/api/v2/users/me'],
    ['//api/v2/users/me', '/api/v2/users/me'],
    ['/api///v2//users/me', '/api/v2/users/me'],
    ['/api/v2/users/me/', '/api/v2/users/me'],
    ['/api/v2/users/me//?a=//b', '/api/v2/users/me'],
    ['/./api/v2/users/me', '/api/v2/users/me'],
    ['/x/../api/v2/users/me', '/api/v2/users/me'],
    ['/%2e/api/v2/users/me', '/api/v2/users/me'],
    ['/\\api\\v2/users/me', '/api/v2/users/me'],
    ['/', '/'],
    ['//', '/'],
    ['http://127.0.0.1:1234//api/v2', '/api/v2'],
  ])('%s is %s', (target, path) => {
    expect(pathOf(target)).toBe(path)
  })

  it('begins at the first slash: two of them name no other host', () => {
    expect(pathOf('//127.0.0.1//api/v2')).toBe('/127.0.0.1/api/v2')
    expect(pathOf('///127.0.0.1/api')).toBe('/127.0.0.1/api')
    expect(pathOf('/\\evil.example/api')).toBe('/evil.example/api')
  })

  it('keeps letters that are written as bytes: they are others to the routes too', () => {
    expect(pathOf('/%61pi/v2')).toBe('/%61pi/v2')
    expect(pathOf('/api%2fv2')).toBe('/api%2fv2')
  })

  it('keeps the query', () => {
    expect(requestAddress('//api?a=1//2')).toBe('http://127.0.0.1//api?a=1//2')
  })

  it('is refused where the target is neither a path nor an address', () => {
    for (const target of ['', '*', '@evil.example/api', 'evil.example:80', 'file:///api'])
      expect(() => requestAddress(target)).toThrow()
  })
})
