#include "core/base/sha256.h"

#include "core/base/error.h"

#include <array>
#include <openssl/evp.h>

namespace kino {
namespace {

EVP_MD_CTX *of(const std::unique_ptr<void, void (*)(void *)> &context) { return static_cast<EVP_MD_CTX *>(context.get()); }

} // namespace

Sha256::Sha256() : m_context(EVP_MD_CTX_new(), [](void *context) { EVP_MD_CTX_free(static_cast<EVP_MD_CTX *>(context)); })
{
    if (!m_context || EVP_DigestInit_ex(of(m_context), EVP_sha256(), nullptr) != 1)
        throw Error("SHA-256 is not available in this installation of OpenSSL");
}

void Sha256::add(std::span<const std::byte> bytes) { EVP_DigestUpdate(of(m_context), bytes.data(), bytes.size()); }

std::string Sha256::hex()
{
    std::array<unsigned char, 32> digest{};
    EVP_DigestFinal_ex(of(m_context), digest.data(), nullptr);
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : digest) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

} // namespace kino
