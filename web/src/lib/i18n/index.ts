export { addTexts, currentLanguage, loadTexts, t, type TextArgs } from './texts';
export { civilDay, clockIn, clockRangeIn, dayAndClockIn, dayIn, deviceZone, zoneName, type Instant } from './times';
