// The state that a reason alone makes: what made-up servers are filed with.
#pragma once

#include "data/model/reason.hpp"
#include "data/model/verdict.hpp"

namespace rollcall::render::tests {

inline data::state state_of(data::reason why)
{
    switch (data::class_of(why)) {
        case data::cell_class::pass: return data::state::up;
        case data::cell_class::slow: return data::state::degraded;
        case data::cell_class::auth:
        case data::cell_class::wall: return data::state::gated;
        case data::cell_class::unusable: return data::state::unknown;
        default: return data::state::down;
    }
}

}  // namespace rollcall::render::tests
