import { describe, expect, it } from 'vitest'
import { describeTool, findInstalledTools } from './installed-tools.ts'

describe('findInstalledTools', () => {
  it('takes what is on the path', () => {
    const exists = (file: string): boolean => file === '/usr/bin/7zz' || file === '/opt/bin/fpm'
    expect(findInstalledTools({ PATH: '/usr/bin:/opt/bin' }, exists)).toEqual({
      CUSTOM_FPM_PATH: '/opt/bin/fpm',
      ELECTRON_BUILDER_7ZIP_PATH: '/usr/bin/7zz',
    })
  })

  it('leaves alone what a person has set, and what is not there', () => {
    expect(findInstalledTools({ PATH: '/usr/bin', CUSTOM_FPM_PATH: '/mine/fpm' }, () => true)).toEqual({
      ELECTRON_BUILDER_7ZIP_PATH: '/usr/bin/7za',
    })
    expect(findInstalledTools({ PATH: '/usr/bin' }, () => false)).toEqual({})
  })
})

describe('describeTool', () => {
  it('says what a target needs, and nothing for a plain folder', () => {
    expect(describeTool(['dir'])).toBeUndefined()
    expect(describeTool(['dir', 'deb'])).toContain('fpm')
    expect(describeTool(['tar.gz'])).toContain('p7zip-full')
    expect(describeTool(['AppImage'])).toContain('GitHub')
  })
})
