// SPDX-License-Identifier: Apache-2.0
//
// Every limit on input, with its reason. Those that a caller may lower are named in
// settable_limits.h; an option that may be raised has its default here.
#ifndef SEGUE_BASE_LIMITS_H_
#define SEGUE_BASE_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace segue {

// ---- Documents ----

// A segment numbers its documents below kEndOfDocs (types.h).
inline constexpr uint32_t kMaxDocsInSegment = 0x7ffffffe;
// A token longer than this is split, as Lucene's StandardTokenizer does; longer
// ones are encoded data, not words.
inline constexpr size_t kMaxTokenUtf16Units = 255;
// The dictionary stores a length in 15 bits. Keywords may be this long.
inline constexpr size_t kMaxTermBytes = 32 * 1024 - 1;
// Text beyond this is no prose; a hostile record must not fill memory.
inline constexpr size_t kMaxFieldBytes = size_t{16} << 20;
// All fields of a document together.
inline constexpr size_t kMaxDocumentBytes = size_t{64} << 20;
// Each field costs memory in every open segment.
inline constexpr uint32_t kMaxFields = 4096;
inline constexpr size_t kMaxFieldNameBytes = 255;
// A value of a multi-valued field starts this far after the one before, so that
// no ordinary phrase or span crosses values.
inline constexpr uint32_t kPositionGap = 100;
// A position must stay below 2^31 so that distances fit a signed 32-bit lane.
inline constexpr uint32_t kMaxPosition = 0x7ffffffe;

// ---- Analysis ----

// Each stream of an analyzer has its own copy of every part.
inline constexpr size_t kMaxAnalyzerParts = 64;
// Characters that are put into a normal form together. Unicode's stream-safe text has at most 30
// combining marks behind a letter; of longer runs what lies this far apart is not reordered.
inline constexpr size_t kMaxNormalizedRun = 64;
// Longer n-grams are words.
inline constexpr size_t kMaxGramChars = 32;
// Longer shingles are sentences.
inline constexpr size_t kMaxShingleWords = 8;
// A word that falls into more parts is data, and stays whole.
inline constexpr size_t kMaxWordParts = 64;
// Words on a side of a synonym rule: so many tokens wait for whether it applies.
inline constexpr size_t kMaxSynonymWords = 16;
// What one sequence of words may stand for: each becomes tokens of every place that has it.
inline constexpr size_t kMaxSynonymsOfOne = 64;
// A path of more levels has one token for the rest: each level repeats all above it.
inline constexpr size_t kMaxPathLevels = 64;
// Characters and sets of a tokenizer's pattern, written out: each is a bit of what is kept for
// every character while a piece of the text is looked for.
inline constexpr size_t kMaxPiecePlaces = 256;
// Languages between which a field chooses: the stems of each may become terms of every word.
inline constexpr size_t kMaxChosenLanguages = 8;

// ---- Queries ----

// Nobody types this much; a parser's time and memory are linear in it.
inline constexpr size_t kMaxQueryBytes = 64 * 1024;
// Nesting after parsing. All walks keep an explicit stack, so this bounds time.
inline constexpr uint32_t kMaxQueryDepth = 64;
// Clauses in a whole query after rewriting, each word of a phrase counted: as many cursors are open
// at once.
inline constexpr uint32_t kMaxQueryClauses = 1024;
// Prefixes, patterns, fuzzy words and sets in a query after rewriting: each walks the dictionaries,
// and goes through the postings of what it finds.
inline constexpr uint32_t kMaxQueryPatterns = 64;
// Tokens of one text in a query, before equal ones are put together: analysis makes a node of each.
inline constexpr size_t kMaxTextTokens = 4096;
// Tokens of a text that documents are to be like: some twenty pages, each of whose words is looked
// up in the dictionaries. What the rest of a book adds does not change which words stand for it.
inline constexpr size_t kMaxLikeTokens = 8192;
// Values of a set that is asked for: a page of keys from another system. What is larger belongs
// into a field of its own.
inline constexpr size_t kMaxSetValues = 65536;
// A phrase keeps one position cursor per word.
inline constexpr uint32_t kMaxPhraseTerms = 256;
// Fields in braces of a query string, {title^2 body}: each word is looked up in each of them. More
// are read as text.
inline constexpr size_t kMaxFieldsInText = 32;
// Words of what is being typed that are searched. Nobody types more before looking; further ones
// would only hide hits.
inline constexpr size_t kMaxInstantWords = 32;
// Terms that one prefix, wildcard, fuzzy or regular expression is scored by: the nearest ones.
// Beyond them differences mean nothing, and each is a posting list to open.
inline constexpr uint32_t kMaxExpansions = 1024;
// Beyond two edits nearly every short word is like every other.
inline constexpr uint32_t kMaxFuzzyEdits = 2;
// Words of a query that no document has, for which near ones are looked for: each walks the
// dictionaries of its fields up to twice. And near ones for each: more help nobody.
inline constexpr size_t kMaxSuggestions = 16;
inline constexpr size_t kMaxSuggestedTerms = 100;
// A wildcard pattern or regular expression.
inline constexpr size_t kMaxPatternBytes = 1000;
// States of a pattern: instructions of its program, and sets of them met while matching.
inline constexpr uint32_t kMaxPatternStates = 10000;
// Entries of a pattern's table of states: 16 MiB.
inline constexpr size_t kMaxPatternCells = size_t{1} << 22;
// Instructions looked at to build the tables of all patterns of a query, each of which may take an
// equal share: some hundredths of a second.
inline constexpr uint64_t kMaxPatternWork = uint64_t{1} << 22;
// Hits asked for (k). Deeper reading wants a cursor, not a larger heap.
inline constexpr uint32_t kMaxHits = 10000;
// Working memory of one query, unless the caller sets another.
inline constexpr size_t kDefaultQueryArenaBytes = size_t{64} << 20;

// ---- JSON ----

// Recursion over a parsed tree stays within a small thread's stack, and a query
// nested to kMaxQueryDepth, at two levels of JSON each, still fits.
inline constexpr uint32_t kMaxJsonDepth = 160;
// A record of kMaxDocumentBytes, escaped to twice its size.
inline constexpr size_t kMaxJsonBytes = 2 * kMaxDocumentBytes;
// A query of a thousand clauses of 2 KiB. Reading takes up to twenty times as much memory.
inline constexpr size_t kMaxQueryJsonBytes = size_t{2} << 20;
inline constexpr size_t kMaxSchemaBytes = size_t{4} << 20;

// ---- Writing ----

// Entries, a term of a document, of the graph by which a merge finds an order: 256 MiB, and at most
// half of the writer's memory. Of more the rarest terms count.
inline constexpr uint64_t kMaxGraphEntries = uint64_t{1} << 26;

// Merges of a writer at once beside it, of which each has at most a quarter of the bytes of the one
// before, and so goes first: with three, one of 5 GiB makes none wait that has less than 320 MiB.
inline constexpr size_t kMaxMergesAtOnce = 3;

// ---- Files ----

// Unit of checksumming and of reading from storage: small enough that a first
// touch costs microseconds, large enough that the table is 1/16384 of the file.
inline constexpr uint32_t kChecksumBlockBytes = 64 * 1024;
// Bytes that may be read on either side of pinned bytes, so that vector kernels
// need no tail loop: one AVX-512 register.
inline constexpr size_t kPinSlackBytes = 64;
// Appends are gathered to this size before they reach the system.
inline constexpr size_t kWriteBufferBytes = size_t{1} << 20;
// A manifest is read whole into memory; 4,096 fields and 10^5 files fit.
inline constexpr uint64_t kMaxManifestBytes = uint64_t{64} << 20;
inline constexpr uint32_t kMaxSegments = 65536;
inline constexpr uint32_t kMaxFilesInSegment = 8192;
// NAME_MAX of the file systems in use.
inline constexpr size_t kMaxFileNameBytes = 255;
// What a user may keep with a commit: a position in a queue, a version.
inline constexpr size_t kMaxCommitPayloadBytes = size_t{1} << 20;

}  // namespace segue

#endif  // SEGUE_BASE_LIMITS_H_
