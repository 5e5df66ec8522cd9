#include "core/data/profile/file_schema.h"

namespace kino {
namespace {

constexpr double kHuge = 1e300;

} // namespace

TimeSpec FileSchema::readTime(ProfileObject &owner)
{
    TimeSpec spec;
    if (!owner.has("time")) {
        owner.complain("time", "is missing: say a \"column\" with its \"unit\", or a \"rate_hz\"");
        return spec;
    }
    owner.objects("time", [&](ProfileObject &object, std::size_t) {
        const double rateHz = object.number("rate_hz", 0, 1e-6, 1e9);
        spec.column = object.column("column");
        if (!spec.column && !(rateHz > 0))
            object.complain("column", "is missing, and there is no \"rate_hz\" either");
        if (spec.column) {
            spec.unit = readUnit(object, "unit", rateHz);
        } else {
            spec.unit.form = TimeUnit::Form::samples;
            spec.unit.rateHz = rateHz;
            if (object.has("unit"))
                object.complain("unit", "has no meaning without a \"column\"");
        }
        if (spec.unit.form == TimeUnit::Form::wall)
            spec.epoch = TimeEpoch::unixTime;
        spec.utcOffsetNs = readUtcOffset(object, &spec.utcOffsetKnown);
        spec.wrapsAt = object.whole("wraps_at", 0, 2, std::int64_t{1} << 53);
        if (spec.wrapsAt != 0 && spec.unit.form != TimeUnit::Form::samples)
            object.complain("wraps_at", "needs \"unit\": \"samples\"");
        const nlohmann::json *epoch = object.value("epoch");
        if (epoch && epoch->is_object()) {
            object.objects("epoch", [&](ProfileObject &anchor, std::size_t) {
                spec.epoch = TimeEpoch::anchored;
                spec.anchorWall = anchor.requiredText("wall");
                spec.anchorWallUnit = readUnit(anchor, "unit", 0, "iso8601");
                spec.anchorOwn = anchor.text("at");
                spec.anchorUntil = anchor.text("until");
                m_templates.emplace_back(anchor.path() + ".wall", spec.anchorWall);
                m_templates.emplace_back(anchor.path() + ".at", spec.anchorOwn);
                m_templates.emplace_back(anchor.path() + ".until", spec.anchorUntil);
            });
        } else if (epoch) {
            static constexpr std::string_view kEpochs[] = {"relative", "unix"};
            spec.epoch = object.choice("epoch", kEpochs) == "unix" ? TimeEpoch::unixTime : TimeEpoch::relative;
        }
    });
    return spec;
}

AxisSpec FileSchema::readAxis(const nlohmann::json &json, const std::string &path)
{
    AxisSpec axis;
    const auto readColumns = [&](const nlohmann::json &columns, const std::string &place) {
        if (!columns.is_array()) {
            if (const auto column = parseColumn(columns, place, m_mistakes))
                axis.columns = {*column};
            return;
        }
        for (const auto &entry : columns) {
            if (const auto column = parseColumn(entry, place, m_mistakes))
                axis.columns.push_back(*column);
        }
        if (columns.empty())
            m_mistakes.push_back(place + ": an empty list names no column");
    };
    if (!json.is_object()) {
        readColumns(json, path);
        return axis;
    }
    ProfileObject object(json, path, m_mistakes);
    if (const nlohmann::json *columns = object.value("column"))
        readColumns(*columns, path + ".column");
    else
        object.complain("column", "is missing");
    axis.axis = object.text("axis");
    axis.scale = object.number("scale", 1, -kHuge, kHuge);
    axis.offset = object.number("offset", 0, -kHuge, kHuge);
    return axis;
}

StreamSpec FileSchema::readStream(ProfileObject &object)
{
    StreamSpec stream;
    const std::string kind = object.requiredText("kind");
    if (const auto known = streamKindFromName(kind))
        stream.kind = *known;
    else if (!kind.empty())
        object.complain("kind", "'" + kind
                                    + "' is not possible; allowed are accelerometer, gyroscope, magnetometer, "
                                      "linear-acceleration, gravity, orientation, barometer, temperature, gps, other");
    stream.variant = object.text("variant");
    stream.unit = object.text("unit");
    if (stream.unit.empty() && !streamKindUnit(stream.kind).empty())
        object.complain("unit", "is missing (for example \"" + std::string(streamKindUnit(stream.kind)) + "\")");
    else if (const auto conversion = unitConversion(stream.kind, stream.unit))
        stream.conversion = *conversion;
    else
        complainOfUnit(object, stream);
    const double scale = object.number("scale", 1, -kHuge, kHuge);
    const double offset = object.number("offset", 0, -kHuge, kHuge);
    const std::vector<std::string> axes = object.texts("axes");
    const nlohmann::json *columns = object.value("columns");
    if (!columns || !columns->is_array() || columns->empty()) {
        object.complain("columns", "must be a list of one column an axis");
    } else {
        if (columns->size() > 64)
            object.complain("columns", "are more than 64");
        if (!axes.empty() && axes.size() != columns->size())
            object.complain("axes", "must name as many axes as there are columns");
        static constexpr std::string_view kAxes[] = {"x", "y", "z"};
        for (std::size_t i = 0; i < std::min<std::size_t>(columns->size(), 64); ++i) {
            AxisSpec axis = readAxis((*columns)[i], object.path() + ".columns[" + std::to_string(i) + "]");
            axis.scale *= scale;
            axis.offset += offset;
            if (axis.axis.empty() && i < axes.size())
                axis.axis = axes[i];
            if (axis.axis.empty())
                axis.axis = columns->size() == 1 ? "value"
                            : i < 3              ? std::string(kAxes[i])
                                                 : std::to_string(i + 1);
            stream.axes.push_back(std::move(axis));
        }
    }
    stream.device = object.text("device");
    m_templates.emplace_back(object.path() + ".device", stream.device);
    stream.devices = object.texts("devices");
    stream.where = readFilters(object, "where");
    stream.isOptional = object.flag("optional");
    stream.fullScale = object.number("full_scale", 0, 0, kHuge);
    return stream;
}

void FileSchema::complainOfUnit(ProfileObject &object, const StreamSpec &stream)
{
    std::string allowed;
    for (const std::string &unit : unitsOf(stream.kind))
        allowed += (allowed.empty() ? "" : ", ") + unit;
    object.complain("unit", "'" + stream.unit + "' is no unit of " + std::string(streamKindName(stream.kind))
                                + "; allowed are " + allowed);
}

LabelSpec FileSchema::readLabel(ProfileObject &object)
{
    LabelSpec label;
    label.column = object.column("column");
    label.text = object.text("text");
    if (label.column.has_value() == !label.text.empty())
        object.complain("", "needs either a \"column\" or a \"text\"");
    m_templates.emplace_back(object.path() + ".text", label.text);
    label.tier = object.text("tier", "activity");
    label.kind = readTierKind(object);
    label.names = object.map("names");
    label.ignore = object.texts("ignore");
    return label;
}

FileSpec FileSchema::readFile(ProfileObject &object)
{
    FileSpec file;
    file.match = object.pattern("match");
    if (!object.has("match"))
        object.complain("match", "is missing: a pattern for the file's name, such as \"*.csv\"");
    if (file.match) {
        for (const std::string &name : file.match->captureNames())
            m_known.insert(name);
    }
    file.when = object.map("when");
    file.table = readTable(object);
    file.time = readTime(object);
    file.device = object.text("device", m_device);
    m_templates.emplace_back(object.path() + ".device", file.device);
    object.objects("streams",
                   [&](ProfileObject &stream, std::size_t) { file.streams.push_back(readStream(stream)); });
    if (file.streams.empty())
        object.complain("streams", "must say at least one stream");
    else if (std::ranges::all_of(file.streams, &StreamSpec::isOptional))
        object.complain("streams", "must hold at least one that is not optional");
    object.objects("labels", [&](ProfileObject &label, std::size_t) { file.labels.push_back(readLabel(label)); });
    object.objects("split", [&](ProfileObject &split, std::size_t) {
        SplitSpec spec;
        spec.column = split.requiredColumn("column");
        spec.names = split.map("names");
        spec.headerLine = split.pattern("header_line");
        if (spec.headerLine) {
            const auto names = spec.headerLine->captureNames();
            for (const char *needed : {"id", "name"}) {
                if (std::ranges::find(names, needed) == names.end())
                    split.complain("header_line", std::string("must catch {") + needed + "}");
            }
        }
        file.split = std::move(spec);
    });
    object.objects("part", [&](ProfileObject &part, std::size_t) {
        file.partCapture = part.requiredText("capture");
        file.partRows = static_cast<std::size_t>(part.whole("rows", 0, 1, 1'000'000'000));
        const auto names = file.match ? file.match->captureNames() : std::vector<std::string>();
        if (!file.partCapture.empty() && std::ranges::find(names, file.partCapture) == names.end())
            part.complain("capture", "the pattern catches no {" + file.partCapture + "}");
    });
    file.isOptional = object.flag("optional");
    if (file.table.layout.headerRows == 0)
        checkPositions(object, file);
    return file;
}

void FileSchema::checkPositions(ProfileObject &object, const FileSpec &file)
{
    const auto check = [&](const ColumnRef &column) {
        if (!column.name.empty())
            object.complain("table.header", "is 0, so column '" + column.name + "' must be given by its position");
    };
    if (file.time.column)
        check(*file.time.column);
    for (const StreamSpec &stream : file.streams) {
        for (const AxisSpec &axis : stream.axes)
            std::ranges::for_each(axis.columns, check);
        for (const RowFilter &filter : stream.where)
            check(filter.column);
    }
    if (file.split)
        check(file.split->column);
    for (const LabelSpec &label : file.labels) {
        if (label.column)
            check(*label.column);
    }
}

} // namespace kino
