/**
 * The face of `alcove/v1`: everything that the rest of the application may use. Keys appear only as opaque objects; their private parts are
 * #private fields, and the functions that read those are not exported here.
 */
export { AccountSecret } from './account-secret';
export { b64u, concat, equalBytes, fromB64u, sha256, utf8, utf8Text, type Bytes } from './bytes';
export type { LastSeqs, SpaceChange } from './change';
export { appendLeaf, deriveLeafHash, EMPTY_DIRECTORY, expectInDirectory, followDirectory, type DirectoryHead, type DirectoryLeaf, type Followed, type Following } from './directory';
export { openDraft, sealDraft } from './draft';
export type { SpaceKeys } from './epoch';
export * from './errors';
export { openFile, sealFile, type FileManifest, type SealedFile } from './file';
export { openGrant, openGrants, type MemberGrant } from './grant';
export { deriveKeyHash, deriveSafetyWords, expectKeys, readKeyStatement, type KeyStatement, type PersonKeys } from './identity';
export { isId, isSpaceId, makeId, requireId, type IdPrefix } from './ids';
export { confirmJoin, joinSpace, makeInvite, openInvite, readInviteLink, revokeInvite } from './invite';
export type { Confirmation, InviteLink, InviteOrder, MadeInvite, OpenInvite, Welcome } from './invite';
export { changeKeyring, makeKeyring, openKeyring } from './keyring';
export type { KeyringChange, KeyringExpectation, NewSlot, SealedKeyring, SlotLabel, UnlockedKeyring } from './keyring';
export { makeKit, readKit, type Kit, type KitKind, type KitLabels } from './kit';
export { DeviceLink, makeDeviceLink, readDeviceLink } from './link';
export { loginMessage, type LoginChallenge } from './login';
export { countOf, drawTogether, missingBelow, without, type Range } from './numbers';
export type { AcceptedPlan, AgreedPlan, Paper } from './plan';
export { hashFile, openRecord, sealRecord } from './record';
export type { OpenRecord, Place, RecordHeader, RecordKind, RecordOrder, SealedRecord } from './record';
export { acceptPlan, agreedPlan, expectPaper, makeEndorsement, makePaperStatement, makePlan, openHalf, readPaper, recoverKeyring } from './recovery';
export type { PlanFile, Recovered, Recovery } from './recovery';
export { compareAnchor, extendAuditHead, makeRestoreStatement, readRestoreStatement } from './restore';
export type { Anchor, AnchorOffer, RestoreFacts, RestoreStatement } from './restore';
export { extendRoster, verifyRoster, type Roster, type RosterExpectation, type RosterPin } from './roster';
export type { How, Right, SpaceKind } from './roster-entry';
export type { Epoch, Invite, Member } from './roster-state';
export { hashStatement, type SignedKind } from './signed';
export { deriveKitSlot, deriveLinkSlot, derivePasskeyInput, derivePasskeySlot, derivePasswordSlot, makePasswordSalt } from './slots';
export type { SlotKind, UnlockSlot } from './slots';
export { addMember, changeRole, closeSpace, grantAgain, leaveSpace, makeSpace, RIGHTS, rotate } from './space';
export type { Addition, Held, History, Rotation, SpaceOrder } from './space';
