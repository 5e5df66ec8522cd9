#include "core/base/torch_archive.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/base/pickle.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <limits>
#include <string_view>
#include <zip.h>

namespace kino {
namespace {

namespace fs = std::filesystem;
using Kind = PickleValue::Kind;

constexpr std::int64_t kMostDimensions = 64;
constexpr int kMostDepth = 16;
constexpr std::uint64_t kMostPickleBytes = std::uint64_t{64} << 20;

struct ZipClose {
    void operator()(zip_t *archive) const { zip_discard(archive); }
    void operator()(zip_file_t *entry) const { zip_fclose(entry); }
};

/** Entries that are stored as they are, as torch does it: together they cannot be longer than the file. */
class StoredZip {
public:
    explicit StoredZip(const fs::path &path) : m_path(path), m_file(MappedFile::open(path)), m_left(m_file->bytes().size())
    {
        zip_error_t error;
        zip_error_init(&error);
        zip_source_t *source = zip_source_buffer_create(m_file->bytes().data(), m_file->bytes().size(), 0, &error);
        m_zip.reset(source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr);
        const std::string why = m_zip ? std::string() : zip_error_strerror(&error);
        if (source && !m_zip)
            zip_source_free(source);
        zip_error_fini(&error);
        if (!m_zip)
            throw Error(path, "is no whole zip archive, which torch.save writes: " + why + ".");
    }

    std::vector<std::string> names() const
    {
        std::vector<std::string> all;
        const zip_int64_t count = zip_get_num_entries(m_zip.get(), 0);
        for (zip_int64_t index = 0; index < count; ++index) {
            if (const char *name = zip_get_name(m_zip.get(), static_cast<zip_uint64_t>(index), ZIP_FL_ENC_RAW))
                all.emplace_back(name);
        }
        return all;
    }

    std::vector<std::byte> read(const std::string &name)
    {
        zip_stat_t stat;
        if (zip_stat(m_zip.get(), name.c_str(), ZIP_FL_ENC_RAW, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE))
            throw Error(m_path, "lacks its part " + name + ".");
        if (stat.comp_method != ZIP_CM_STORE || stat.encryption_method != ZIP_EM_NONE)
            throw Error(m_path, "holds " + name + " compressed, which torch.save never does.");
        if (stat.size > m_left)
            throw Error(m_path, "claims more bytes for " + name + " than it has.");
        m_left -= stat.size;
        const std::unique_ptr<zip_file_t, ZipClose> entry(zip_fopen(m_zip.get(), name.c_str(), ZIP_FL_ENC_RAW));
        std::vector<std::byte> bytes(static_cast<std::size_t>(stat.size));
        if (!entry || zip_fread(entry.get(), bytes.data(), bytes.size()) != static_cast<zip_int64_t>(bytes.size()))
            throw Error(m_path, "cannot be read at " + name + ".");
        return bytes;
    }

private:
    fs::path m_path;
    std::shared_ptr<const MappedFile> m_file;
    std::unique_ptr<zip_t, ZipClose> m_zip;
    std::uint64_t m_left;
};

struct ElementType {
    std::string_view storage; // as the pickle names a typed storage, and a dtype
    std::string_view dtype;
    std::string_view name;
    std::size_t size;
};

constexpr std::array<ElementType, 10> kTypes = {{{"torch FloatStorage", "torch float32", "F32", 4},
                                                 {"torch DoubleStorage", "torch float64", "F64", 8},
                                                 {"torch HalfStorage", "torch float16", "F16", 2},
                                                 {"torch BFloat16Storage", "torch bfloat16", "BF16", 2},
                                                 {"torch LongStorage", "torch int64", "I64", 8},
                                                 {"torch IntStorage", "torch int32", "I32", 4},
                                                 {"torch ShortStorage", "torch int16", "I16", 2},
                                                 {"torch CharStorage", "torch int8", "I8", 1},
                                                 {"torch ByteStorage", "torch uint8", "U8", 1},
                                                 {"torch BoolStorage", "torch bool", "BOOL", 1}}};

bool isCallOf(const PickleValue &value, std::string_view name)
{
    return value.kind == Kind::call && value.callee->kind == Kind::global && value.callee->text == name;
}

std::string describe(const PickleValue &value)
{
    if (value.kind == Kind::call && value.callee->kind == Kind::global) {
        std::string name = value.callee->text;
        std::ranges::replace(name, ' ', '.');
        return name;
    }
    if (value.kind == Kind::global) {
        std::string name = value.text;
        std::ranges::replace(name, ' ', '.');
        return name;
    }
    return "something that is no tensor";
}

/** Key and name of a storage go into names of the archive, never into a path on disk; still only what torch writes. */
bool isPlainKey(const std::string &key)
{
    return !key.empty() && key.size() <= 64 && std::ranges::all_of(key, [](unsigned char each) { return std::isalnum(each) != 0 || each == '_'; });
}

class ArchiveReader {
public:
    explicit ArchiveReader(const fs::path &path) : m_path(path), m_zip(path)
    {
        constexpr std::string_view kPickle = "/data.pkl";
        for (const std::string &name : m_zip.names()) {
            if (name.ends_with(kPickle) && name.find('/') == name.size() - kPickle.size())
                m_root = name.substr(0, name.size() - kPickle.size());
        }
        if (m_root.empty())
            throw Error(path, "is a zip archive, but not one that torch.save wrote: it has no data.pkl.");
    }

    std::map<std::string, ArchiveTensor> read()
    {
        const std::vector<std::byte> program = m_zip.read(m_root + "/data.pkl");
        if (program.size() > kMostPickleBytes)
            throw Error(m_path, "has a pickle of over 64 MiB.");
        requireLittleEndian();
        const Pickle pickle = [&] {
            try {
                return Pickle::read(program);
            } catch (const Error &error) {
                throw Error(m_path, "cannot be read: " + error.sentence());
            }
        }();
        const PickleValue *chosen = &pickle.root();
        if (const PickleValue *inner = chosen->isMapping() ? chosen->find("state_dict") : nullptr; inner && inner->isMapping())
            chosen = inner;
        if (!isDict(*chosen))
            throw Error(m_path, "holds no state dict but " + describe(*chosen) + "; save model.state_dict() rather than the model.");
        gather(*chosen, {}, 0);
        return std::move(m_tensors);
    }

private:
    static bool isDict(const PickleValue &value) { return value.kind == Kind::dict || isCallOf(value, "collections OrderedDict"); }

    void requireLittleEndian()
    {
        const std::string name = m_root + "/byteorder";
        const std::vector<std::string> names = m_zip.names();
        if (std::ranges::find(names, name) == names.end())
            return;
        const std::vector<std::byte> order = m_zip.read(name);
        if (std::string_view(reinterpret_cast<const char *>(order.data()), order.size()) != "little")
            throw Error(m_path, "was written on a big-endian machine, which is not read.");
    }

    void gather(const PickleValue &dict, const std::string &prefix, int depth)
    {
        if (depth > kMostDepth)
            throw Error(m_path, "has dicts in dicts, more than " + std::to_string(kMostDepth) + " deep.");
        for (const auto &[key, value] : dict.pairs) {
            const std::string name = prefix + (key->kind == Kind::text ? key->text : key->kind == Kind::integer ? std::to_string(key->integer) : std::string("?"));
            switch (value->kind) {
            case Kind::none:
            case Kind::boolean:
            case Kind::integer:
            case Kind::real:
            case Kind::text:
            case Kind::bytes:
            case Kind::list:
            case Kind::tuple: break; // no weights
            case Kind::dict: gather(*value, name + ".", depth + 1); break;
            default:
                if (isDict(*value))
                    gather(*value, name + ".", depth + 1);
                else
                    m_tensors.insert_or_assign(name, tensorOf(*value, name, 0));
            }
        }
    }

    ArchiveTensor tensorOf(const PickleValue &value, const std::string &name, int depth)
    {
        if (depth < kMostDepth && (isCallOf(value, "torch._utils _rebuild_parameter") || isCallOf(value, "torch._utils _rebuild_parameter_with_state")) && !value.items.empty())
            return tensorOf(*value.items[0], name, depth + 1);
        const bool isThird = isCallOf(value, "torch._utils _rebuild_tensor_v3");
        if (!isThird && !isCallOf(value, "torch._utils _rebuild_tensor_v2") && !isCallOf(value, "torch._utils _rebuild_tensor"))
            throw Error(m_path, "holds " + describe(value) + " as " + name + ". Kinoscope reads tensors and executes nothing: save the state dict without it.");
        const std::string where = "the tensor " + name;
        if (value.items.size() < 4 || value.items[1]->kind != Kind::integer)
            throw Error(m_path, "describes " + where + " in a way that is not known.");
        ArchiveTensor tensor;
        tensor.offset = value.items[1]->integer;
        tensor.shape = numbers(*value.items[2], where);
        tensor.strides = numbers(*value.items[3], where);
        const PickleValue *dtype = isThird && value.items.size() > 6 ? value.items[6] : nullptr;
        const ElementType &type = fill(tensor, *value.items[0], dtype, where);
        requireInside(tensor, type, where);
        return tensor;
    }

    std::vector<std::int64_t> numbers(const PickleValue &value, const std::string &where)
    {
        std::vector<std::int64_t> all;
        for (const PickleValue *item : value.items) {
            if (item->kind != Kind::integer || item->integer < 0)
                throw Error(m_path, "gives a size or stride to " + where + " that is no number.");
            all.push_back(item->integer);
        }
        if (value.items.size() > kMostDimensions)
            throw Error(m_path, "gives too many dimensions to " + where + ".");
        return all;
    }

    /** Type and bytes of the storage: ("storage", type, key, device, count). */
    const ElementType &fill(ArchiveTensor &tensor, const PickleValue &storage, const PickleValue *dtype, const std::string &where)
    {
        const bool isStorage = storage.kind == Kind::outside && storage.items[0]->kind == Kind::tuple && storage.items[0]->items.size() >= 5
                               && storage.items[0]->items[0]->text == "storage" && storage.items[0]->items[2]->kind == Kind::text;
        if (!isStorage || !isPlainKey(storage.items[0]->items[2]->text))
            throw Error(m_path, "does not say where the bytes of " + where + " are.");
        const std::string typeName = dtype ? dtype->text : storage.items[0]->items[1]->text;
        const auto type = std::ranges::find_if(kTypes, [&](const ElementType &each) { return dtype ? each.dtype == typeName : each.storage == typeName; });
        if (type == kTypes.end())
            throw Error(m_path, "has elements of " + describe(dtype ? *dtype : *storage.items[0]->items[1]) + " in " + where + ", which are not read.");
        tensor.dtype = type->name;
        const std::string &key = storage.items[0]->items[2]->text;
        auto &bytes = m_storages[key];
        if (!bytes)
            bytes = std::make_shared<const std::vector<std::byte>>(m_zip.read(m_root + "/data/" + key));
        tensor.storage = bytes;
        return *type;
    }

    void requireInside(const ArchiveTensor &tensor, const ElementType &type, const std::string &where)
    {
        const std::string why = "has " + where + " reach beyond its bytes.";
        const auto available = static_cast<std::int64_t>(tensor.storage->size() / type.size);
        if (tensor.shape.size() != tensor.strides.size() || tensor.offset < 0 || tensor.offset > available)
            throw Error(m_path, why);
        std::int64_t count = 1;
        std::int64_t last = tensor.offset;
        bool isEmpty = false;
        for (std::size_t each = 0; each < tensor.shape.size(); ++each) {
            const std::int64_t size = tensor.shape[each];
            isEmpty = isEmpty || size == 0;
            // No more elements than the storage has: a stride of 0 must not make a terabyte of one number.
            if (size > 0 && count > available / size)
                throw Error(m_path, why);
            count *= std::max<std::int64_t>(size, 1);
            if (size <= 1)
                continue;
            const std::int64_t stride = tensor.strides[each];
            if (stride > 0 && size - 1 > (available - last) / stride)
                throw Error(m_path, why);
            last += (size - 1) * stride;
        }
        if (!isEmpty && last >= available)
            throw Error(m_path, why);
    }

    fs::path m_path;
    StoredZip m_zip;
    std::string m_root;
    std::map<std::string, std::shared_ptr<const std::vector<std::byte>>> m_storages;
    std::map<std::string, ArchiveTensor> m_tensors;
};

} // namespace

std::map<std::string, ArchiveTensor> readTorchArchive(const std::filesystem::path &path) { return ArchiveReader(path).read(); }

bool isZipArchive(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    std::array<char, 4> magic{};
    return file.read(magic.data(), magic.size()) && std::string_view(magic.data(), 4) == std::string_view("PK\x03\x04", 4);
}

} // namespace kino
