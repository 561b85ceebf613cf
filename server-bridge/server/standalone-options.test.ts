import { describe, expect, it } from 'vitest'
import { UsageError } from './option-values.ts'
import { parseStandaloneOptions, standaloneUsage } from './standalone-options.ts'

const parse = (argv: readonly string[], environment: Record<string, string> = {}) => {
  const options = parseStandaloneOptions(argv, environment)
  if (options === 'help') throw new Error('It took this for --help.')
  return options
}
const problem = (argv: readonly string[], environment: Record<string, string> = {}): string => {
  try {
    parseStandaloneOptions(argv, environment)
    return 'none'
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    return (error as Error).message
  }
}

describe('the command line', () => {
  it('has defaults that only this machine can reach', () => {
    expect(parse([])).toMatchObject({
      http: { host: '127.0.0.1', port: 0 },
      tls: undefined,
      accessUrl: undefined,
      verbose: false,
      disableRateLimits: false,
      warnings: [],
    })
    expect(parse(['--port', '4000', '--data-dir', '/tmp/x'])).toMatchObject({
      http: { host: '127.0.0.1', port: 4000 },
      dataDir: '/tmp/x',
    })
    expect(parseStandaloneOptions(['--help'], {})).toBe('help')
    expect(parseStandaloneOptions(['-h'], {})).toBe('help')
  })

  it('wins over the environment, which wins over the defaults', () => {
    const environment = { CODER_HTTP_ADDRESS: '127.0.0.1:5000', CODER_VERBOSE: 'true' }
    expect(parse([], environment)).toMatchObject({ http: { port: 5000 }, verbose: true })
    expect(parse(['--http-address', '127.0.0.1:6000'], environment).http.port).toBe(6000)
    expect(parse(['--port', '7000'], environment).http.port).toBe(7000)
    expect(parse([], { CODER_HTTP_ADDRESS: '', CODER_VERBOSE: '0' })).toMatchObject({ verbose: false })
  })

  it('reads what coder server reads', () => {
    const tls = ['--tls-enable', '--tls-cert-file', '/c.pem', '--tls-key-file', '/k.pem']
    expect(parse([...tls, '--tls-address', '[::1]:3444']).tls).toEqual({
      host: '::1',
      port: 3444,
      certFile: '/c.pem',
      keyFile: '/k.pem',
    })
    expect(parse(['--max-token-lifetime', '1h30m', '-v'])).toMatchObject({
      maxTokenLifetimeSeconds: 5400,
      verbose: true,
    })
    expect(parse(['--access-url', 'https://coder.example.com/']).accessUrl).toBe('https://coder.example.com')
  })

  it('warns of a network that can listen in, and wants to know the way in', () => {
    const everywhere = ['--http-address', ':3000']
    expect(problem(everywhere)).toMatch(/needs --access-url/)
    const options = parse([...everywhere, '--access-url', 'http://box.example:3000'])
    expect(options.http).toEqual({ host: '0.0.0.0', port: 3000 })
    expect(options.warnings).toEqual([expect.stringMatching(/without TLS/)])
    expect(parse(['--http-address', '[::1]:3000']).warnings).toEqual([])
  })

  it('knows when chats are off', () => {
    expect(parse([]).chatsEnabled).toBe(true)
    expect(parse([], { CODER_AI_GATEWAY_ENABLED: 'false' }).chatsEnabled).toBe(false)
    expect(parse(['--ai-gateway-enabled', 'true'], { CODER_AI_GATEWAY_ENABLED: 'f' }).chatsEnabled).toBe(true)
  })

  it('knows when chats are not shared', () => {
    expect(parse([]).chatSharingEnabled).toBe(true)
    expect(parse(['--disable-chat-sharing']).chatSharingEnabled).toBe(false)
    expect(parse([], { CODER_DISABLE_CHAT_SHARING: 'true' }).chatSharingEnabled).toBe(false)
    expect(parse([], { CODER_DISABLE_CHAT_SHARING: 'false' }).chatSharingEnabled).toBe(true)
  })

  it('knows what is switched on before it is finished', () => {
    expect(parse([]).experiments).toEqual([])
    const all = ['chat-advisor', 'chat-virtual-desktop']
    expect(parse(['--experiments', '*']).experiments).toEqual(all)
    expect(parse([], { CODER_EXPERIMENTS: ' chat-virtual-desktop,' }).experiments).toEqual([
      'chat-virtual-desktop',
    ])
    expect(problem(['--experiments', 'oauth2'])).toBe(
      '--experiments knows chat-advisor, chat-virtual-desktop and *, not "oauth2".',
    )
  })

  it('knows when what models are asked is written down for everybody', () => {
    expect(parse([]).chatDebugLoggingForced).toBe(false)
    expect(parse(['--chat-debug-logging-enabled']).chatDebugLoggingForced).toBe(true)
    expect(parse([], { CODER_CHAT_DEBUG_LOGGING_ENABLED: 'true' }).chatDebugLoggingForced).toBe(true)
  })

  it('says in a sentence what is wrong', () => {
    expect(problem(['--port', 'x'])).toBe('--port must be a number from 0 to 65535, not "x".')
    expect(problem(['--port', '70000'])).toMatch(/0 to 65535/)
    expect(problem(['--colour'])).toMatch(/Unknown option '--colour'/)
    expect(problem(['extra'])).toMatch(/Unexpected argument 'extra'/)
    expect(problem(['--port', '1', '--http-address', ':2'])).toMatch(/Give one of them/)
    expect(problem(['--http-address', 'box.example:80'])).toMatch(/must name an IP address/)
    expect(problem(['--http-address', '3000'])).toMatch(/must be HOST:PORT/)
    expect(problem(['--access-url', 'coder.example.com'])).toMatch(/http:\/\/ or https:\/\//)
    expect(problem(['--access-url', 'https://coder.example.com/path'])).toMatch(/nothing more/)
    expect(problem(['--max-token-lifetime', 'soon'])).toMatch(/duration/)
    expect(problem(['--tls-enable'])).toMatch(/needs --tls-cert-file/)
    expect(problem(['--tls-key-file', '/k'])).toMatch(/nothing without --tls-enable/)
    expect(problem(['--log-json', '/dev/stdout'])).toMatch(/cannot be standard output/)
    expect(problem(['--postgres-url', 'x'])).toMatch(
      /option of "coder server" that the local deployment does not/,
    )
    for (const host of [
      '*',
      '*.',
      'x.example',
      '*.*.example',
      '*x.example',
      '*.exa_mple',
      '*.127.0.0.1',
      '*.a:b',
    ])
      expect([host, problem(['--wildcard-access-url', host])]).toEqual([
        host,
        `--wildcard-access-url must be a host whose first part is a star, like *.apps.example.com, not "${host}".`,
      ])
    expect(problem(['--wildcard-access-url', 'https://*.example.com'])).toMatch(/first part is a star/)
    expect(problem(['--wildcard-access-url', '*.example.com:70000'])).toMatch(/0 to 65535/)
    expect(problem([], { CODER_TLS_ENABLE: 'maybe' })).toBe(
      'CODER_TLS_ENABLE must be true or false, not "maybe".',
    )
  })

  it('takes the wildcard host of subdomain apps', () => {
    expect(parse([]).wildcardAccessUrl).toBeUndefined()
    for (const host of ['*.localhost', '*.apps.example.com', '*--apps.example.com', '*.localhost:3000'])
      expect(parse(['--wildcard-access-url', host.toUpperCase()]).wildcardAccessUrl).toBe(host)
    const variable = { CODER_WILDCARD_ACCESS_URL: '*.apps.example.com' }
    expect(parse([], variable).wildcardAccessUrl).toBe('*.apps.example.com')
  })

  it('is explained by --help, every variable included', () => {
    for (const word of ['--port N', '--http-address HOST:PORT', '[CODER_ACCESS_URL]', 'SIGHUP']) {
      expect(standaloneUsage()).toContain(word)
    }
  })
})
