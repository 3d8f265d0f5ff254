export { addTexts, currentLanguage, hasText, loadTexts, t, type TextArgs } from './texts';
export { civilDay, clockBare, clockIn, clockRangeIn, dayAndClockIn, shortDayIn, dayIn, deviceZone, nearDayIn, nearDayInside, todayIn, zoneName, type Instant } from './times';
