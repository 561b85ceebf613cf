/** Dictation, put together. */
import { createDictation } from './features/dictation/dictation.ts'
import type { SavedDictation } from './features/dictation/dictation-file.ts'
import { createDictationHandlers } from './features/dictation/dictation-handlers.ts'
import { createTranscribe } from './features/dictation/transcribe.ts'
import type { Keychain } from './features/keychain/keychain.ts'
import type { LiveValue } from './lib/live-value.ts'
import type { VersionedFile } from './lib/versioned-file.ts'
import type { AppPorts } from './ports/app-ports.ts'

/** What the window asks of dictation. */
export function createDictationParts(
  { clock, desktop, microphone, systemProxy }: AppPorts,
  { dictationFile }: { readonly dictationFile: VersionedFile<SavedDictation> },
  { keychain, visible }: { readonly keychain: Keychain; readonly visible: LiveValue<boolean> },
) {
  const dictation = createDictation({
    ...{ file: dictationFile, keychain, desktop },
    send: createTranscribe({ systemProxy, clock }),
    now: () => clock.now(),
  })
  return createDictationHandlers(dictation, microphone, visible)
}
