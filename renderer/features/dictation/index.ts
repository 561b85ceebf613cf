export { DictationButton } from './dictation-button.tsx'
export { DictationStrip } from './dictation-strip.tsx'
export { useDictation } from './use-dictation.ts'
