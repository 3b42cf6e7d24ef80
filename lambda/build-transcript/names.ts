/**
 * Words of sermons that English always writes with a capital, for recognisers that write none. Left out is what is also
 * another word: mark, job, acts, grace, will.
 */
const NAMES = new Set(
  `aaron abel abraham adam babylon bethlehem bible caesar cain calvary canaan christ christian christians christmas corinth
  corinthians damascus daniel david easter eden egypt elijah elisha ephesus esther eve exodus ezekiel galatians galilee
  genesis gentile gentiles gethsemane god goliath hebrew hebrews herod isaac isaiah israel israelites jacob james jeremiah
  jericho jerusalem jesus jewish jews joel john jonah jordan joseph joshua judah judas judea lazarus leviticus lord luke
  martha mary matthew messiah moses nazareth nehemiah nicodemus nineveh noah paul peter pharaoh pharisee pharisees philip
  philistines pilate psalm psalms rome romans samaria samaritan sarah satan saul savior silas sinai solomon stephen sunday
  thessalonians thomas timothy zacchaeus zechariah zion`.split(/\s+/),
);

/** The word as English writes it: a name and "I" with a capital, also in "God's", "I'm" and before a full stop. */
export function withCapital(word: string): string {
  const stem = word.split(/[^a-z]/, 1)[0] ?? word;
  return stem === 'i' || NAMES.has(stem) ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}
