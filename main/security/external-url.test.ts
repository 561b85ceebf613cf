import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideExternalUrl } from './external-url.ts'

const deploymentHosts = new Set(['coder.example.com', '127.0.0.1:7080'])
const decide = (url: string, source: 'app' | 'terminal' | 'content' | 'page' = 'content') =>
  decideExternalUrl(url, { source, deploymentHosts })

describe('decideExternalUrl', () => {
  it('opens links to deployments at once', () => {
    expect(decide('https://coder.example.com/cli-auth').kind).toBe('open')
    expect(decide('http://127.0.0.1:7080/').kind).toBe('open')
  })

  it('asks before any other host, naming the real one', () => {
    expect(decide('https://coder.example.com.evil.test/', 'terminal')).toMatchObject({
      kind: 'ask',
      target: 'coder.example.com.evil.test',
    })
    expect(decide('http://127.0.0.1:7081/').kind).toBe('ask')
  })

  it('asks about every link that a page with scripts could follow by itself, also to a deployment', () => {
    expect(decide('https://coder.example.com/cli-auth', 'page')).toMatchObject({
      kind: 'ask',
      target: 'coder.example.com',
    })
    expect(decide('https://elsewhere.test/', 'page').kind).toBe('ask')
    expect(decide('file:///etc/passwd', 'page').kind).toBe('refuse')
  })

  it("opens the app's own web links without asking, editor links never", () => {
    expect(decide('https://example.org/docs', 'app').kind).toBe('open')
    expect(decide('vscode://coder.coder-remote/open?x=1', 'app')).toMatchObject({
      kind: 'ask',
      target: 'vscode',
    })
  })

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'smb://host/share',
    'ms-msdt:/id',
    'app://outpost/index.html',
    'search-ms:query',
    'https://user@coder.example.com/',
    'https://coder.example.com:x@evil.test/',
    'not a link',
    '',
    'https://coder.example.com/\u202Egnp.exe',
    'https://coder.example.com/\n',
  ])('refuses %j with a sentence', (url) => {
    const decision = decide(url, 'app')
    expect(decision.kind).toBe('refuse')
    expect(decision.kind === 'refuse' && decision.reason.endsWith('.')).toBe(true)
  })

  it('never lets anything but web and editor schemes through', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.webUrl(), fc.string(), fc.tuple(fc.stringMatching(/^[a-z]{1,12}$/), fc.string())),
        (raw) => {
          const decision = decide(Array.isArray(raw) ? raw.join(':') : raw)
          if (decision.kind === 'refuse') return true
          return /^(https?|vscode(-insiders)?|cursor|windsurf|zed|jetbrains(-gateway)?):/.test(decision.url)
        },
      ),
    )
  })
})
