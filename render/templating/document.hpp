// The value that everything published is made from: JSON whose objects keep the order in which members were added, since
// documents are read by people, too.
//
// The library's own ordered object copies all of its members, and what is below them, whenever it grows: its keys are
// const, so nothing in it can be moved. A site of twenty thousand servers is some hundred million members.
#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rollcall::render {

// Members in the order of their coming. What the JSON library asks of an object type, and no more.
template <class Key, class T, class /*Less*/ = std::less<Key>, class Allocator = std::allocator<std::pair<Key, T>>>
class member_list : public std::vector<std::pair<Key, T>> {
    using base = std::vector<std::pair<Key, T>>;

public:
    using key_type = Key;
    using mapped_type = T;
    using typename base::const_iterator;
    using typename base::iterator;
    using typename base::size_type;
    using typename base::value_type;
    using key_compare = std::equal_to<>;

    member_list() = default;
    template <class It>
    member_list(It first, It last)
    {
        for (; first != last; ++first) insert(*first);
    }

    iterator find(std::string_view key) { return std::find_if(this->begin(), this->end(), [&](const value_type& m) { return m.first == key; }); }
    const_iterator find(std::string_view key) const { return std::find_if(this->begin(), this->end(), [&](const value_type& m) { return m.first == key; }); }
    size_type count(std::string_view key) const { return find(key) == this->end() ? 0 : 1; }

    template <class K>
    std::pair<iterator, bool> emplace(K&& key, T&& value)
    {
        if (const auto it = find(key); it != this->end()) return {it, false};
        this->emplace_back(Key(std::forward<K>(key)), std::move(value));
        return {this->end() - 1, true};
    }
    std::pair<iterator, bool> insert(value_type m) { return emplace(std::move(m.first), std::move(m.second)); }
    template <class It>
    void insert(It first, It last)
    {
        for (; first != last; ++first) insert(*first);
    }

    T& operator[](std::string_view key)
    {
        if (const auto it = find(key); it != this->end()) return it->second;
        return this->emplace_back(Key(key), T{}).second;
    }
    const T& operator[](std::string_view key) const { return at(key); }
    T& at(std::string_view key) { return of(find(key), this->end()); }
    const T& at(std::string_view key) const { return of(find(key), this->end()); }

    using base::erase;
    size_type erase(std::string_view key)
    {
        const auto it = find(key);
        if (it == this->end()) return 0;
        base::erase(it);
        return 1;
    }

private:
    template <class It>
    static auto& of(It it, It end)
    {
        if (it == end) throw std::out_of_range("key not found");
        return it->second;
    }
};

using document = nlohmann::basic_json<member_list>;

// An object of these members, no two of one name: what braces make, too, but there each member is a list of two at first.
struct member { const char* key; mutable document value; };
inline document members(std::initializer_list<member> all)
{
    document::object_t out;
    out.reserve(all.size());
    for (const auto& m : all) out.emplace_back(m.key, std::move(m.value));
    return document(std::move(out));
}

}  // namespace rollcall::render
