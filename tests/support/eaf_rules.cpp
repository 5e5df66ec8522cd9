#include "tests/support/eaf_rules.h"

#include <QDateTime>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QXmlStreamReader>

#include <QFile>

#include <memory>
#include <vector>

namespace kino::test {
namespace {

enum class Type { text, uri, id, idRef, idRefs, boolean, unsignedInt, wholeNumber, dateTime, timeUnits };
enum class Need { required, optional };

struct Attribute {
    Type type = Type::text;
    Need need = Need::optional;
};

struct Child {
    QString name;
    int least = 0;
    int most = -1; // any number
};

struct Rule {
    QMap<QString, Attribute> attributes;
    std::vector<Child> sequence;
    bool isChoice = false; // one of the children, once
    bool hasText = false;
};

const QMap<QString, Rule> &rules()
{
    constexpr auto kRequired = Need::required;
    static const QMap<QString, Attribute> kAnnotation{{"ANNOTATION_ID", {Type::id, kRequired}}, {"EXT_REF", {Type::idRefs}}, {"LANG_REF", {Type::idRef}}, {"CVE_REF", {}}};
    const auto with = [](QMap<QString, Attribute> some, const QMap<QString, Attribute> &more) {
        some.insert(more);
        return some;
    };
    static const QMap<QString, Rule> kRules{
        {"ANNOTATION_DOCUMENT",
         {{{"DATE", {Type::dateTime, kRequired}}, {"AUTHOR", {Type::text, kRequired}}, {"VERSION", {Type::text, kRequired}}, {"FORMAT", {}}},
          {{"LICENSE"}, {"HEADER", 1, 1}, {"TIME_ORDER", 1, 1}, {"TIER"}, {"LINGUISTIC_TYPE"}, {"LOCALE"}, {"LANGUAGE"}, {"CONSTRAINT"}, {"CONTROLLED_VOCABULARY"}, {"LEXICON_REF"}, {"REF_LINK_SET"}, {"EXTERNAL_REF"}}}},
        {"HEADER", {{{"MEDIA_FILE", {}}, {"TIME_UNITS", {Type::timeUnits}}}, {{"MEDIA_DESCRIPTOR"}, {"LINKED_FILE_DESCRIPTOR"}, {"PROPERTY"}}}},
        {"MEDIA_DESCRIPTOR",
         {{{"MEDIA_URL", {Type::uri, kRequired}}, {"RELATIVE_MEDIA_URL", {Type::uri}}, {"MIME_TYPE", {Type::text, kRequired}}, {"TIME_ORIGIN", {Type::wholeNumber}}, {"EXTRACTED_FROM", {Type::uri}}}, {}}},
        {"PROPERTY", {{{"NAME", {}}}, {}, false, true}},
        {"TIME_ORDER", {{}, {{"TIME_SLOT"}}}},
        {"TIME_SLOT", {{{"TIME_SLOT_ID", {Type::id, kRequired}}, {"TIME_VALUE", {Type::unsignedInt}}}, {}}},
        {"TIER",
         {{{"TIER_ID", {Type::text, kRequired}}, {"PARTICIPANT", {}}, {"ANNOTATOR", {}}, {"LINGUISTIC_TYPE_REF", {Type::text, kRequired}}, {"DEFAULT_LOCALE", {Type::idRef}}, {"PARENT_REF", {}}, {"EXT_REF", {Type::idRef}}, {"LANG_REF", {Type::idRef}}},
          {{"ANNOTATION"}}}},
        {"ANNOTATION", {{}, {{"ALIGNABLE_ANNOTATION", 0, 1}, {"REF_ANNOTATION", 0, 1}}, true}},
        {"ALIGNABLE_ANNOTATION", {with(kAnnotation, {{"TIME_SLOT_REF1", {Type::idRef, kRequired}}, {"TIME_SLOT_REF2", {Type::idRef, kRequired}}, {"SVG_REF", {}}}), {{"ANNOTATION_VALUE", 1, 1}}}},
        {"REF_ANNOTATION", {with(kAnnotation, {{"ANNOTATION_REF", {Type::idRef, kRequired}}, {"PREVIOUS_ANNOTATION", {Type::idRef}}}), {{"ANNOTATION_VALUE", 1, 1}}}},
        {"ANNOTATION_VALUE", {{}, {}, false, true}},
        {"LINGUISTIC_TYPE",
         {{{"LINGUISTIC_TYPE_ID", {Type::text, kRequired}}, {"TIME_ALIGNABLE", {Type::boolean}}, {"CONSTRAINTS", {Type::idRef}}, {"GRAPHIC_REFERENCES", {Type::boolean}}, {"CONTROLLED_VOCABULARY_REF", {}}, {"EXT_REF", {Type::idRef}}, {"LEXICON_REF", {Type::idRef}}}, {}}},
        {"LANGUAGE", {{{"LANG_ID", {Type::id, kRequired}}, {"LANG_DEF", {}}, {"LANG_LABEL", {}}}, {}}},
        {"CONSTRAINT", {{{"STEREOTYPE", {Type::id, kRequired}}, {"DESCRIPTION", {}}}, {}}},
        {"CONTROLLED_VOCABULARY", {{{"CV_ID", {Type::text, kRequired}}, {"EXT_REF", {Type::idRef}}}, {{"DESCRIPTION"}, {"CV_ENTRY_ML"}}}},
        {"DESCRIPTION", {{{"LANG_REF", {Type::idRef, kRequired}}}, {}, false, true}},
        {"CV_ENTRY_ML", {{{"CVE_ID", {Type::text, kRequired}}, {"EXT_REF", {Type::idRef}}}, {{"CVE_VALUE", 1, -1}}}},
        {"CVE_VALUE", {{{"LANG_REF", {Type::idRef, kRequired}}, {"DESCRIPTION", {}}}, {}, false, true}},
    };
    return kRules;
}

struct Element {
    QString name;
    QMap<QString, QString> attributes;
    QString text;
    std::vector<std::unique_ptr<Element>> children;

    std::vector<const Element *> all(const QString &path) const
    {
        std::vector<const Element *> found{this};
        for (const QString &step : path.split(QLatin1Char('/'))) {
            std::vector<const Element *> next;
            for (const Element *each : found) {
                for (const auto &child : each->children) {
                    if (child->name == step)
                        next.push_back(child.get());
                }
            }
            found = next;
        }
        return found;
    }
};

std::unique_ptr<Element> readElement(QXmlStreamReader &xml)
{
    auto element = std::make_unique<Element>();
    element->name = xml.name().toString();
    for (const QXmlStreamAttribute &each : xml.attributes()) {
        if (each.namespaceUri().isEmpty())
            element->attributes.insert(each.name().toString(), each.value().toString());
    }
    while (!xml.atEnd()) {
        xml.readNext();
        if (xml.isStartElement())
            element->children.push_back(readElement(xml));
        else if (xml.isCharacters())
            element->text += xml.text();
        else if (xml.isEndElement())
            break;
    }
    return element;
}

bool isOf(Type type, const QString &value)
{
    static const QRegularExpression kName(QStringLiteral("^[\\p{L}_][\\p{L}\\p{N}._-]*$"));
    bool isNumber = false;
    switch (type) {
    case Type::text: return true;
    case Type::uri: return !value.contains(QLatin1Char(' '));
    case Type::id:
    case Type::idRef: return kName.match(value).hasMatch();
    case Type::idRefs: return true;
    case Type::boolean: return QStringList{"true", "false", "0", "1"}.contains(value);
    case Type::unsignedInt: value.toUInt(&isNumber); return isNumber;
    case Type::wholeNumber: value.toLongLong(&isNumber); return isNumber;
    case Type::dateTime: return QDateTime::fromString(value, Qt::ISODate).isValid();
    case Type::timeUnits: return QStringList{"NTSC-frames", "PAL-frames", "milliseconds"}.contains(value);
    }
    return false;
}

class Checker {
public:
    QStringList check(const Element &root)
    {
        if (root.name != QLatin1String("ANNOTATION_DOCUMENT"))
            say(root, QStringLiteral("is not the root of an annotation document"));
        walk(root);
        for (const auto &[element, id] : m_references) {
            if (!m_ids.contains(id))
                say(*element, QStringLiteral("refers to %1, which is nothing's ID").arg(id));
        }
        key(root, "TIER", "TIER_ID", {{"TIER", "PARENT_REF"}});
        key(root, "LINGUISTIC_TYPE", "LINGUISTIC_TYPE_ID", {{"TIER", "LINGUISTIC_TYPE_REF"}});
        key(root, "CONTROLLED_VOCABULARY", "CV_ID", {{"LINGUISTIC_TYPE", "CONTROLLED_VOCABULARY_REF"}});
        key(root, "TIME_ORDER/TIME_SLOT", "TIME_SLOT_ID", {{"TIER/ANNOTATION/ALIGNABLE_ANNOTATION", "TIME_SLOT_REF1"}, {"TIER/ANNOTATION/ALIGNABLE_ANNOTATION", "TIME_SLOT_REF2"}});
        key(root, "TIER/ANNOTATION/REF_ANNOTATION", "ANNOTATION_ID", {{"TIER/ANNOTATION/REF_ANNOTATION", "PREVIOUS_ANNOTATION"}});
        key(root, "LANGUAGE", "LANG_ID", {{"CONTROLLED_VOCABULARY/CV_ENTRY_ML/CVE_VALUE", "LANG_REF"}, {"CONTROLLED_VOCABULARY/DESCRIPTION", "LANG_REF"}, {"TIER", "LANG_REF"}});
        for (const Element *vocabulary : root.all(QStringLiteral("CONTROLLED_VOCABULARY")))
            key(*vocabulary, "CV_ENTRY_ML", "CVE_ID", {});
        entries(root);
        slotOrder(root);
        return m_problems;
    }

private:
    void say(const Element &element, const QString &what) { m_problems += element.name + QLatin1Char(' ') + what; }

    void walk(const Element &element)
    {
        const auto rule = rules().find(element.name);
        if (rule == rules().end()) {
            say(element, QStringLiteral("is no element that is known here"));
            return;
        }
        for (auto each = element.attributes.begin(); each != element.attributes.end(); ++each) {
            const auto known = rule->attributes.find(each.key());
            if (known == rule->attributes.end()) {
                say(element, QStringLiteral("may not have %1").arg(each.key()));
                continue;
            }
            if (!isOf(known->type, each.value()))
                say(element, QStringLiteral("has a %1 that is not of its type: %2").arg(each.key(), each.value()));
            if (known->type == Type::id && m_ids.contains(each.value()))
                say(element, QStringLiteral("has an ID that something has already: %1").arg(each.value()));
            if (known->type == Type::id)
                m_ids.insert(each.value());
            if (known->type == Type::idRef)
                m_references.push_back({&element, each.value()});
        }
        for (auto each = rule->attributes.begin(); each != rule->attributes.end(); ++each) {
            if (each->need == Need::required && !element.attributes.contains(each.key()))
                say(element, QStringLiteral("lacks %1").arg(each.key()));
        }
        if (!rule->hasText && !element.text.trimmed().isEmpty())
            say(element, QStringLiteral("may not hold text"));
        children(element, *rule);
        for (const auto &child : element.children)
            walk(*child);
    }

    void children(const Element &element, const Rule &rule)
    {
        if (rule.isChoice && element.children.size() != 1)
            say(element, QStringLiteral("must hold one of its alternatives"));
        std::size_t at = 0;
        for (const Child &child : rule.sequence) {
            int count = 0;
            while (at < element.children.size() && element.children[at]->name == child.name) {
                ++at;
                ++count;
            }
            if (count < child.least || (child.most >= 0 && count > child.most))
                say(element, QStringLiteral("holds %1 %2 times").arg(child.name).arg(count));
        }
        if (at < element.children.size())
            say(element, QStringLiteral("holds %1 where it may not stand").arg(element.children[at]->name));
    }

    void key(const Element &root, const char *path, const char *attribute, const std::vector<std::pair<const char *, const char *>> &references)
    {
        QSet<QString> keys;
        for (const Element *each : root.all(QLatin1String(path))) {
            const QString value = each->attributes.value(QLatin1String(attribute));
            if (keys.contains(value))
                say(*each, QStringLiteral("is there twice: %1").arg(value));
            keys.insert(value);
        }
        for (const auto &[from, by] : references) {
            for (const Element *each : root.all(QLatin1String(from))) {
                if (each->attributes.contains(QLatin1String(by)) && !keys.contains(each->attributes.value(QLatin1String(by))))
                    say(*each, QStringLiteral("has a %1 that is not there: %2").arg(QLatin1String(by), each->attributes.value(QLatin1String(by))));
            }
        }
    }

    /** What the schema says in words alone: CVE_REF is an entry of the vocabulary of the tier's type, and has its value. */
    void entries(const Element &root)
    {
        QMap<QString, QString> vocabularies;
        for (const Element *type : root.all(QStringLiteral("LINGUISTIC_TYPE")))
            vocabularies.insert(type->attributes.value("LINGUISTIC_TYPE_ID"), type->attributes.value("CONTROLLED_VOCABULARY_REF"));
        QMap<QString, QStringList> values; // by vocabulary and entry
        for (const Element *vocabulary : root.all(QStringLiteral("CONTROLLED_VOCABULARY"))) {
            for (const Element *entry : vocabulary->all(QStringLiteral("CV_ENTRY_ML"))) {
                for (const Element *value : entry->all(QStringLiteral("CVE_VALUE")))
                    values[vocabulary->attributes.value("CV_ID") + QChar(0) + entry->attributes.value("CVE_ID")] += value->text;
            }
        }
        for (const Element *tier : root.all(QStringLiteral("TIER"))) {
            const QString vocabulary = vocabularies.value(tier->attributes.value("LINGUISTIC_TYPE_REF"));
            for (const Element *annotation : tier->all(QStringLiteral("ANNOTATION/ALIGNABLE_ANNOTATION"))) {
                const QString entry = annotation->attributes.value("CVE_REF");
                if (!entry.isEmpty() && !values.value(vocabulary + QChar(0) + entry).contains(annotation->children.at(0)->text))
                    say(*annotation, QStringLiteral("has another value than its entry %1").arg(entry));
            }
        }
    }

    void slotOrder(const Element &root)
    {
        qlonglong last = 0;
        for (const Element *slot : root.all(QStringLiteral("TIME_ORDER/TIME_SLOT"))) {
            if (!slot->attributes.contains("TIME_VALUE"))
                continue;
            const qlonglong value = slot->attributes.value("TIME_VALUE").toLongLong();
            if (value < last)
                say(*slot, QStringLiteral("is out of order"));
            last = value;
        }
    }

    QStringList m_problems;
    QSet<QString> m_ids;
    std::vector<std::pair<const Element *, QString>> m_references;
};

} // namespace

QStringList eafProblems(const std::filesystem::path &file)
{
    QFile stream(QString::fromStdString(file.string()));
    if (!stream.open(QIODevice::ReadOnly))
        return {QStringLiteral("cannot be read")};
    QXmlStreamReader xml(&stream);
    if (!xml.readNextStartElement())
        return {QStringLiteral("is no XML")};
    const std::unique_ptr<Element> root = readElement(xml);
    if (xml.hasError())
        return {xml.errorString()};
    return Checker().check(*root);
}

} // namespace kino::test
