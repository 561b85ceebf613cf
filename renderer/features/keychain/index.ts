export { KeychainBanner, UnlockButton } from './keychain-banner.tsx'
export { MemoryConsent } from './memory-consent.tsx'
export { useKeychain } from './use-keychain.ts'
