export { DisplayModesContext, useDisplayModes, useShownModes, type DisplayModes } from './display-modes.ts'
export { useOwnRootModel } from './own-root-model.ts'
export { PersonalSettings } from './personal-settings.tsx'
export { sendKeyName, useSendKey, windowSendKey, type SendKey } from './send-key.ts'
