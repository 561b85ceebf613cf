import type { Output } from '../../api/procedure-types.ts'
import type { Settings, SettingsPatch } from '#ipc/settings'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { toast } from '../../ui/toast-store.ts'

const everything = {}

/** Until main has answered; the same as a fresh file's. */
export const firstSettings: Settings = {
  theme: 'system',
  closeToTray: true,
  launchAtLogin: false,
  nativeFrame: false,
  agents: { notify: true, sound: false },
  terminal: {
    fontSize: 13,
    scrollback: 10_000,
    renderer: 'auto',
    warnOnMultilinePaste: true,
    cursorBlink: true,
    cursorStyle: 'block',
    lineHeight: 1.2,
    fontFamily: '',
    copyOnSelect: false,
    rightClick: 'menu',
    bell: 'visual',
    notifyAfterSeconds: 10,
    ligatures: false,
    profiles: [],
  },
}

export interface SettingsView {
  readonly settings: Settings
  readonly notices: Output<'settings.watch'>['notices']
  /** False until the user's own settings are here: then the ones above stand in. */
  readonly isLoaded: boolean
}

/** The user's settings, live. */
export function useSettings(): SettingsView {
  const { data } = useSubscription('settings.watch', everything)
  return {
    settings: data?.settings ?? firstSettings,
    notices: data?.notices ?? [],
    isLoaded: data !== undefined,
  }
}

/** Changes settings at once; a change that could not be written is said in a toast. */
export function useUpdateSettings(): (patch: SettingsPatch) => void {
  const { mutate } = useChange('settings.update')
  return (patch) =>
    mutate(patch, {
      onError: (error) =>
        toast({
          key: 'settings-not-saved',
          tone: 'bad',
          title: 'The setting is not saved',
          detail: errorWords(error).message,
        }),
    })
}
