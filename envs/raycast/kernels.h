// The inner loops, compiled for SSE4, AVX2 and AVX-512 and chosen at run time. All of them give the
// same bytes: no operation is fused or approximated.

#ifndef SACCADE_ENVS_RAYCAST_KERNELS_H_
#define SACCADE_ENVS_RAYCAST_KERNELS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/base/image.h"
#include "envs/raycast/painting.h"
#include "envs/raycast/shadow_map.h"
#include "envs/raycast/sight.h"

namespace saccade::raycast {

// Finds what is in front in rows [rows.first, rows.second), of the sight's instances from number
// `first` on.
void Rasterise(Sight& sight, std::size_t first, std::pair<int, int> rows);

// Rows with samples of which the depth is less than this.
std::pair<int, int> RowsBeyond(const Sight& sight, float depth);

// Colours what is in front. `shadows`: of the lights of passes 1, 2, …
void Paint(Sight& sight, std::span<const ShadowMap> shadows, Painting& painting);

// Blends instances with what is painted, piece by piece in this order. Uses up what is in front.
void BlendPieces(Sight& sight, const std::vector<std::uint32_t>& instances, bool writes_depth,
                 Painting& painting);

// The means of the samples, upright.
void Resolve(const Size& size, const std::vector<std::uint32_t>& samples, ImageView out);

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_KERNELS_H_
