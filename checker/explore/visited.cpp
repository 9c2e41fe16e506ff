// SPDX-License-Identifier: MIT
#include "checker/explore/visited.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "model/base/require.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace capstan::checker {

namespace {

// Lines work well up to about 85 % full. At three quarters the search was no faster, and took a
// quarter more memory.
constexpr double load_max = 0.85;

/// The last bits of a state index of an exact slot; the rest is a tag of the hash.
constexpr int index_bits = 40;
constexpr std::uint64_t index_mask = (std::uint64_t{1} << index_bits) - 1;

}  // namespace

/// Inserting a batch, once for each instruction set. A line fills from its first slot and slots are
/// never freed, so the first empty slot ends the search.
struct LineScan {
  using Set = FingerprintSet;

  /// One fingerprint by plain comparisons.
  static bool insert_plain(Set& set, std::uint64_t fingerprint) {
    std::size_t walked = 0;
    for (std::uint64_t* line = set.lines_ + set.home(fingerprint) * Set::slots_per_line;;
         line += Set::slots_per_line) {
      for (std::size_t slot = 0; slot < Set::slots_per_line; ++slot) {
        if (line[slot] == fingerprint) return false;
        if (line[slot] == 0) {
          line[slot] = fingerprint;
          set.walked_ = std::max(set.walked_, walked);
          return true;
        }
      }
      ++walked;
    }
  }

  static std::uint64_t batch_plain(Set& set, const std::uint64_t* fingerprints, unsigned count) {
    std::uint64_t fresh = 0;
    for (unsigned i = 0; i < count; ++i) {
      fresh |= std::uint64_t{insert_plain(set, fingerprints[i])} << i;
    }
    set.size_ += static_cast<std::uint64_t>(std::popcount(fresh));
    return fresh;
  }

#if defined(__x86_64__)
  __attribute__((target("avx2,popcnt"))) static std::uint64_t batch_avx2(
      Set& set, const std::uint64_t* fingerprints, unsigned count) {
    std::uint64_t fresh = 0;
    const __m256i zero = _mm256_setzero_si256();
    for (unsigned i = 0; i < count; ++i) {
      const __m256i wanted = _mm256_set1_epi64x(static_cast<long long>(fingerprints[i]));
      std::uint64_t* line = set.lines_ + set.home(fingerprints[i]) * Set::slots_per_line;
      for (std::size_t walked = 0;; ++walked, line += Set::slots_per_line) {
        const __m256i low = _mm256_load_si256(reinterpret_cast<const __m256i*>(line));
        const __m256i high = _mm256_load_si256(reinterpret_cast<const __m256i*>(line) + 1);
        const __m256i same =
            _mm256_or_si256(_mm256_cmpeq_epi64(low, wanted), _mm256_cmpeq_epi64(high, wanted));
        if (!_mm256_testz_si256(same, same)) break;
        const auto free_low = static_cast<unsigned>(
            _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpeq_epi64(low, zero))));
        const auto free_high = static_cast<unsigned>(
            _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpeq_epi64(high, zero))));
        const unsigned empty = free_low | (free_high << 4);
        if (empty != 0) {
          line[std::countr_zero(empty)] = fingerprints[i];
          fresh |= std::uint64_t{1} << i;
          set.walked_ = std::max(set.walked_, walked);
          break;
        }
      }
    }
    set.size_ += static_cast<std::uint64_t>(std::popcount(fresh));
    return fresh;
  }

  __attribute__((target("avx512f,popcnt"))) static std::uint64_t batch_avx512(
      Set& set, const std::uint64_t* fingerprints, unsigned count) {
    std::uint64_t fresh = 0;
    for (unsigned i = 0; i < count; ++i) {
      const __m512i wanted = _mm512_set1_epi64(static_cast<long long>(fingerprints[i]));
      std::uint64_t* line = set.lines_ + set.home(fingerprints[i]) * Set::slots_per_line;
      for (std::size_t walked = 0;; ++walked, line += Set::slots_per_line) {
        const __m512i present = _mm512_load_si512(line);
        if (_mm512_cmpeq_epi64_mask(present, wanted) != 0) break;
        const auto empty = static_cast<unsigned>(_mm512_testn_epi64_mask(present, present));
        if (empty != 0) {
          line[std::countr_zero(empty)] = fingerprints[i];
          fresh |= std::uint64_t{1} << i;
          set.walked_ = std::max(set.walked_, walked);
          break;
        }
      }
    }
    set.size_ += static_cast<std::uint64_t>(std::popcount(fresh));
    return fresh;
  }
#endif

  /// From the plainest to the widest of those that this processor has.
  static std::vector<Set::InsertBatch> known() {
    std::vector<Set::InsertBatch> all{batch_plain};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) all.push_back(batch_avx2);
    if (__builtin_cpu_supports("avx512f")) all.push_back(batch_avx512);
#endif
    return all;
  }
};

FingerprintSet::FingerprintSet(int line_bits) : insert_batch_(LineScan::known().back()) {
  CAPSTAN_REQUIRE(line_bits >= 4 && line_bits < 40, "a table of 16 lines at least");
  const std::size_t line_count = std::size_t{1} << line_bits;
  const bool got = pages_.grow((line_count + tail_lines) * slots_per_line * sizeof(std::uint64_t));
  CAPSTAN_ENSURE(got, "no memory for the first visited table");
  lines_ = static_cast<std::uint64_t*>(pages_.data());
  shift_ = 64 - line_bits;
  size_max_ =
      static_cast<std::uint64_t>(static_cast<double>(line_count * slots_per_line) * load_max);
}

int FingerprintSet::instruction_sets() { return static_cast<int>(LineScan::known().size()); }

void FingerprintSet::use_instructions(int which) {
  insert_batch_ = LineScan::known().at(static_cast<std::size_t>(which));
}

std::size_t FingerprintSet::bytes_after_growth() const {
  const std::size_t line_count = std::size_t{1} << (65 - shift_);
  return (line_count + tail_lines) * slots_per_line * sizeof(std::uint64_t);
}

bool FingerprintSet::grow() {
  const std::size_t old_lines = (std::size_t{1} << (64 - shift_)) + tail_lines;
  if (!pages_.grow(bytes_after_growth())) return false;
  lines_ = static_cast<std::uint64_t*>(pages_.data());
  --shift_;
  walked_ = 0;
  size_max_ *= 2;
  // A fingerprint in line i has its home at most walk_max + 8 lines before it, so its new home is
  // at least 2 * (i - walk_max - 8), which is not below i from line 2 * (walk_max + 8) on. The
  // lines before are set aside.
  const std::size_t head_lines = std::min(old_lines, 4 * walk_max);
  std::vector<std::uint64_t> head(lines_, lines_ + head_lines * slots_per_line);
  std::fill_n(lines_, head.size(), 0);
  const auto put_all = [this, old_lines](const std::uint64_t* line, std::size_t index) {
    // Nearly always: all are at home in this line and its two halves are still empty. Then no
    // branch depends on data.
    std::uint64_t* const halves = lines_ + 2 * index * slots_per_line;
    std::uint64_t strays = 1;
    if (index + tail_lines < old_lines) {
      strays = halves[0] | halves[slots_per_line];
      for (std::size_t slot = 0; slot < slots_per_line; ++slot) {
        strays |= line[slot] == 0 ? 0 : (home(line[slot]) >> 1) ^ index;
      }
    }
    if (strays == 0) {
      std::array<std::size_t, 2> used{0, slots_per_line};
      for (std::size_t slot = 0; slot < slots_per_line && line[slot] != 0; ++slot) {
        halves[used[home(line[slot]) & 1]++] = line[slot];
      }
      return;
    }
    for (std::size_t slot = 0; slot < slots_per_line && line[slot] != 0; ++slot) {
      std::uint64_t* target = lines_ + home(line[slot]) * slots_per_line;
      while (*target != 0) ++target;
      *target = line[slot];
    }
  };
  for (std::size_t i = old_lines; i-- > head_lines;) {
    std::array<std::uint64_t, slots_per_line> line;
    std::memcpy(line.data(), lines_ + i * slots_per_line, sizeof line);
    std::fill_n(lines_ + i * slots_per_line, slots_per_line, 0);
    put_all(line.data(), i);
  }
  for (std::size_t i = head_lines; i-- > 0;) put_all(head.data() + i * slots_per_line, i);
  return true;
}

ExactSet::ExactSet(unsigned words_per_state,
                   std::function<std::uint64_t(const std::uint32_t*)> hash_of)
    : words_(words_per_state), hash_of_(std::move(hash_of)) {
  const std::size_t slot_count = 8192;
  const bool got = pages_.grow(slot_count * sizeof(std::uint64_t));
  CAPSTAN_ENSURE(got, "no memory for the first visited table");
  set_capacity(slot_count);
}

void ExactSet::set_capacity(std::size_t slot_count) {
  shift_ = 64 - std::countr_zero(slot_count);
  size_max_ = static_cast<std::uint64_t>(static_cast<double>(slot_count) * load_max);
}

std::size_t ExactSet::bytes() const {
  return pages_.size() + blocks_.size() * block_states * words_ * sizeof(std::uint32_t);
}

std::size_t ExactSet::bytes_after_growth() const { return bytes() + pages_.size(); }

bool ExactSet::grow() {
  const std::size_t slot_count = pages_.size() / sizeof(std::uint64_t) * 2;
  if (!pages_.grow(slot_count * sizeof(std::uint64_t))) return false;
  set_capacity(slot_count);
  std::memset(pages_.data(), 0, pages_.size());
  for (std::uint64_t index = 0; index < size_; ++index) {
    const std::uint64_t hash = hash_of_(state(index));
    std::size_t at = home(hash);
    while (slots_()[at] != 0) at = (at + 1) & (slot_count - 1);
    slots_()[at] = (hash << index_bits) | (index + 1);
  }
  return true;
}

bool ExactSet::insert(std::uint64_t hash, const std::uint32_t* words) {
  const std::uint64_t tag = hash << index_bits;
  const std::size_t mask = pages_.size() / sizeof(std::uint64_t) - 1;
  std::size_t at = home(hash);
  for (; slots_()[at] != 0; at = (at + 1) & mask) {
    const std::uint64_t slot = slots_()[at];
    if ((slot & ~index_mask) == tag &&
        std::memcmp(state((slot & index_mask) - 1), words, words_ * sizeof(std::uint32_t)) == 0) {
      return false;
    }
  }
  CAPSTAN_ENSURE(size_ < index_mask, "state indices fit 40 bits");
  if (size_ % block_states == 0) {
    blocks_.push_back(std::make_unique_for_overwrite<std::uint32_t[]>(block_states * words_));
  }
  std::memcpy(blocks_.back().get() + static_cast<std::size_t>(size_ % block_states) * words_, words,
              words_ * sizeof(std::uint32_t));
  ++size_;
  slots_()[at] = tag | size_;
  return true;
}

}  // namespace capstan::checker
