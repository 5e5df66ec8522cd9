#include "widgets/form/value_editor.h"

#include "widgets/controls/chip_bar.h"
#include "widgets/controls/choice_box.h"
#include "widgets/form/json_text.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScopedValueRollback>
#include <QWheelEvent>

#include <array>
#include <charconv>
#include <cmath>

namespace kino {
namespace {

using Json = nlohmann::json;

QString text(const std::string &utf8) { return QString::fromStdString(utf8); }

QString numberText(double number)
{
    if (!std::isfinite(number))
        return QStringLiteral("null");
    std::array<char, 64> digits{};
    const double size = std::abs(number);
    const bool isPlain = number == 0 || (size >= 1e-4 && size < 1e16);
    const auto end = std::to_chars(digits.begin(), digits.end(), number, isPlain ? std::chars_format::fixed : std::chars_format::general).ptr;
    return QString::fromLatin1(digits.data(), static_cast<qsizetype>(end - digits.data()));
}

/** Items without what would make the list ambiguous are written with commas, others as JSON. */
bool isPlainItem(const Json &item)
{
    if (!item.is_string())
        return item.is_number();
    const std::string &word = item.get_ref<const std::string &>();
    return !word.empty() && word.find_first_of(",\"[]{}") == std::string::npos && word.front() != ' ' && word.back() != ' ';
}

/** A whole number stays one; a comma is a point; other words stay words. */
Json numberOrWord(QString typed, bool mayBeNull)
{
    typed = typed.trimmed();
    if (mayBeNull && (typed == QLatin1String("null") || typed == QLatin1String("none")))
        return nullptr;
    const std::string plain = typed.toStdString();
    std::int64_t whole = 0;
    if (const auto [end, failure] = std::from_chars(plain.data(), plain.data() + plain.size(), whole); failure == std::errc() && end == plain.data() + plain.size())
        return whole;
    const std::string pointed = QString(typed).replace(QLatin1Char(','), QLatin1Char('.')).toStdString();
    double number = 0;
    if (const auto [end, failure] = std::from_chars(pointed.data(), pointed.data() + pointed.size(), number);
        failure == std::errc() && end == pointed.data() + pointed.size() && std::isfinite(number))
        return number;
    return plain;
}

Json listOf(const QString &typed, bool areNumbers)
{
    const QString trimmed = typed.trimmed();
    if (trimmed.startsWith(QLatin1Char('[')) || trimmed.startsWith(QLatin1Char('{'))) {
        const JsonReading reading = readJsonText(trimmed.toStdString());
        return reading.value ? *reading.value : Json(trimmed.toStdString());
    }
    Json list = Json::array();
    for (const QString &each : typed.split(QLatin1Char(','))) {
        if (!each.trimmed().isEmpty())
            list.push_back(areNumbers ? numberOrWord(each, false) : Json(each.trimmed().toStdString()));
    }
    return list;
}

QString usualText(const FormField &field, const Json &usual)
{
    if (usual.is_null())
        return field.isNeeded ? QObject::tr("needed") : field.mayBeNull ? QObject::tr("none") : QString();
    if (usual.is_structured() && usual.empty())
        return QObject::tr("none");
    return fieldText(usual);
}

class LineEditor : public ValueEditor {
public:
    LineEditor(const FormField &field, QWidget *parent) : ValueEditor(parent), m_field(field), m_line(new QLineEdit(this))
    {
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(6);
        row->addWidget(m_line, 1);
        m_line->setAccessibleName(field.title);
        if (!field.unit.isEmpty()) {
            auto *unit = new QLabel(field.unit, this);
            unit->setProperty("role", QStringLiteral("dim"));
            row->addWidget(unit);
        }
        if (field.kind == FieldKind::whole || field.kind == FieldKind::number) {
            m_line->setMaximumWidth(150);
            row->addStretch(1);
        }
        connect(m_line, &QLineEdit::textEdited, this, [this](const QString &typed) {
            if (typed.trimmed().isEmpty())
                Q_EMIT cleared();
            else
                Q_EMIT edited(fieldValue(m_field, typed));
        });
    }

    void show(const Json *given, const Json &usual) override
    {
        m_line->setPlaceholderText(usualText(m_field, usual));
        const bool means = given ? !m_line->text().trimmed().isEmpty() && fieldValue(m_field, m_line->text()) == *given : m_line->text().trimmed().isEmpty();
        if (means)
            return;
        const bool isNumber = m_field.kind == FieldKind::whole || m_field.kind == FieldKind::number;
        m_line->setText(!given ? QString() : !given->is_null() ? fieldText(*given) : isNumber ? QStringLiteral("none") : QString());
    }

    QWidget *control() override { return m_line; }

private:
    const FormField &m_field;
    QLineEdit *m_line;
};

class FlagEditor : public ValueEditor {
public:
    FlagEditor(const FormField &field, QWidget *parent) : ValueEditor(parent), m_isSection(field.kind == FieldKind::section), m_box(new QCheckBox(this))
    {
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(0, 0, 0, 0);
        row->addWidget(m_box);
        row->addStretch(1);
        m_box->setAccessibleName(field.title);
        m_box->setMinimumHeight(28);
        connect(m_box, &QCheckBox::clicked, this, [this](bool on) {
            if (!m_isSection)
                Q_EMIT edited(on);
            else if (on)
                Q_EMIT edited(Json::object());
            else
                Q_EMIT cleared();
        });
    }

    void show(const Json *given, const Json &usual) override
    {
        const bool isOn = m_isSection ? given && !given->is_null() : (given ? *given == true : usual == true);
        m_box->setChecked(isOn);
        m_box->setText(m_isSection ? QString() : isOn ? tr("yes") : tr("no"));
    }

    QWidget *control() override { return m_box; }

private:
    bool m_isSection;
    QCheckBox *m_box;
};

/** The wheel turns it only where it has the focus. */
class CalmChoice : public ChoiceBox {
public:
    CalmChoice(const QString &name, QWidget *parent) : ChoiceBox(name, parent) { setFocusPolicy(Qt::StrongFocus); }

protected:
    void wheelEvent(QWheelEvent *event) override
    {
        if (hasFocus())
            ChoiceBox::wheelEvent(event);
        else
            event->ignore();
    }
};

/** A word, or the name of a choice with options. */
class WordEditor : public ValueEditor {
public:
    enum class Gives { word, object };

    WordEditor(const FormField &field, Gives gives, QWidget *parent) : ValueEditor(parent), m_gives(gives), m_box(new CalmChoice(field.title, this))
    {
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(0, 0, 0, 0);
        row->addWidget(m_box);
        for (const FormChoice &choice : field.named) {
            m_box->addItem(choice.title.isEmpty() ? text(choice.name) : text(choice.name) + QStringLiteral("   ") + choice.title, text(choice.name));
            m_box->setItemData(m_box->count() - 1, choice.source, Qt::ToolTipRole);
        }
        for (const std::string &word : field.words)
            m_box->addItem(text(word), text(word));
        m_known = m_box->count();
        m_box->setPlaceholderText(field.isNeeded ? tr("needed") : tr("none"));
        connect(m_box, &QComboBox::activated, this, [this] {
            const std::string word = m_box->currentData().toString().toStdString();
            if (m_gives == Gives::object)
                Q_EMIT edited(Json{{"name", word}});
            else
                Q_EMIT edited(word);
        });
    }

    void show(const Json *given, const Json &usual) override
    {
        const Json &value = given && !given->is_null() ? *given : usual;
        const Json word = value.is_object() ? value.value("name", Json()) : value;
        while (m_box->count() > m_known)
            m_box->removeItem(m_box->count() - 1);
        const QString shown = word.is_string() ? text(word.get<std::string>()) : word.is_null() ? QString() : text(jsonLine(word));
        int index = m_box->findData(shown);
        // What the file says is shown, even where it is no choice.
        if (index < 0 && !shown.isEmpty()) {
            m_box->addItem(shown, shown);
            index = m_box->count() - 1;
        }
        m_box->setCurrentIndex(index);
    }

    QWidget *control() override { return m_box; }

private:
    Gives m_gives;
    CalmChoice *m_box;
    int m_known = 0;
};

class ChipsEditor : public ValueEditor {
public:
    ChipsEditor(const FormField &field, QWidget *parent) : ValueEditor(parent), m_field(field), m_bar(new ChipBar(this))
    {
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(0, 2, 0, 2);
        row->addWidget(m_bar);
        m_bar->setAccessibleName(field.title);
        std::vector<Chip> chips;
        for (const std::string &word : field.words)
            chips.push_back({text(word), {}, false});
        m_bar->setChips(chips, static_cast<int>(chips.size()));
        connect(m_bar, &ChipBar::checkedChanged, this, [this] {
            const QSet<QString> on = m_bar->checked();
            // What was chosen before keeps its place: the order is the order of a model's channels.
            Json kept = Json::array();
            const auto take = [&](const std::string &word) {
                if (on.contains(text(word)) && std::ranges::find(kept, Json(word)) == kept.end())
                    kept.push_back(word);
            };
            for (const Json &each : m_shown) {
                if (each.is_string())
                    take(each.get<std::string>());
            }
            for (const std::string &word : m_field.words)
                take(word);
            m_shown = kept;
            Q_EMIT edited(kept);
        });
    }

    void show(const Json *given, const Json &usual) override
    {
        m_shown = given && given->is_array() ? *given : usual.is_array() ? usual : Json::array();
        QSet<QString> on;
        for (const Json &each : m_shown) {
            if (each.is_string())
                on.insert(text(each.get<std::string>()));
        }
        m_bar->setChecked(on);
    }

    QWidget *control() override { return m_bar; }

private:
    const FormField &m_field;
    ChipBar *m_bar;
    Json m_shown = Json::array();
};

class VariantEditor : public ValueEditor {
public:
    VariantEditor(const FormField &field, QWidget *parent)
        : ValueEditor(parent), m_field(field), m_box(new CalmChoice(QObject::tr("%1, kind").arg(field.title), this)), m_line(new QLineEdit(this))
    {
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(6);
        row->addWidget(m_box);
        row->addWidget(m_line, 1);
        row->addStretch(0); // the box stays on the left where the line is hidden
        m_box->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
        m_line->setAccessibleName(field.title);
        for (const FieldVariant &variant : field.variants)
            m_box->addItem(variant.title);
        connect(m_box, &QComboBox::activated, this, [this] {
            m_line->clear();
            showLine();
            take();
            m_line->setFocus();
        });
        connect(m_line, &QLineEdit::textEdited, this, [this] { take(); });
    }

    void show(const Json *given, const Json &usual) override
    {
        const Json &value = given ? *given : usual;
        if (given && m_isOwn && *given == m_own)
            return; // half a value while it is typed
        m_isOwn = false;
        int index = 0;
        for (std::size_t each = 0; each < m_field.variants.size(); ++each) {
            if (isOf(m_field.variants[each], value)) {
                index = static_cast<int>(each);
                break;
            }
        }
        m_box->setCurrentIndex(index);
        const FieldVariant &variant = m_field.variants[static_cast<std::size_t>(index)];
        const Json &inside = !variant.key.empty() && value.is_object() ? value.value(variant.key, Json()) : value;
        m_line->setText(variant.holds == FieldVariant::Holds::nothing || inside.is_null() ? QString() : fieldText(inside));
        showLine();
    }

    QWidget *control() override { return m_box; }

private:
    static bool isOf(const FieldVariant &variant, const Json &value)
    {
        if (variant.holds == FieldVariant::Holds::nothing)
            return value == variant.fixed;
        if (!variant.key.empty())
            return value.is_object() && value.contains(variant.key);
        return variant.holds == FieldVariant::Holds::texts ? value.is_array() : value.is_string();
    }

    const FieldVariant &variant() const { return m_field.variants[static_cast<std::size_t>(std::max(0, m_box->currentIndex()))]; }

    void showLine()
    {
        m_line->setVisible(variant().holds != FieldVariant::Holds::nothing);
        m_line->setPlaceholderText(variant().placeholder);
    }

    void take()
    {
        const FieldVariant &chosen = variant();
        Json inside;
        switch (chosen.holds) {
        case FieldVariant::Holds::nothing: m_own = chosen.fixed; break;
        case FieldVariant::Holds::text: inside = m_line->text().toStdString(); break;
        case FieldVariant::Holds::texts: inside = listOf(m_line->text(), false); break;
        case FieldVariant::Holds::whole: inside = numberOrWord(m_line->text(), false); break;
        }
        if (chosen.holds != FieldVariant::Holds::nothing)
            m_own = chosen.key.empty() ? inside : Json{{chosen.key, inside}};
        m_isOwn = true;
        Q_EMIT edited(m_own);
    }

    const FormField &m_field;
    CalmChoice *m_box;
    QLineEdit *m_line;
    Json m_own;
    bool m_isOwn = false;
};

/** Its entries are rows of their own; here is how many there are. */
class ListEditor : public ValueEditor {
public:
    ListEditor(const FormField &field, QWidget *parent) : ValueEditor(parent), m_field(field), m_add(new CalmChoice(tr("Add to %1").arg(field.title), this))
    {
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(0, 0, 0, 0);
        row->addWidget(m_add);
        m_add->setPlaceholderText(tr("Add\u2026"));
        for (const FormChoice &choice : field.named) {
            m_add->addItem(choice.title.isEmpty() ? text(choice.name) : text(choice.name) + QStringLiteral("   ") + choice.title, text(choice.name));
            m_add->setItemData(m_add->count() - 1, choice.source, Qt::ToolTipRole);
        }
        m_add->setCurrentIndex(-1);
        connect(m_add, &QComboBox::activated, this, [this] {
            Json list = m_shown;
            list.push_back({{"name", m_add->currentData().toString().toStdString()}});
            m_add->setCurrentIndex(-1);
            Q_EMIT edited(list);
        });
    }

    void show(const Json *given, const Json &usual) override
    {
        const Json &value = given ? *given : usual;
        m_shown = value.is_array() ? value : Json::array();
        m_add->setPlaceholderText(m_shown.empty() ? tr("None; add\u2026") : tr("Add\u2026"));
        m_add->setCurrentIndex(-1);
    }

    QWidget *control() override { return m_add; }

private:
    const FormField &m_field;
    CalmChoice *m_add;
    Json m_shown = Json::array();
};

} // namespace

QString fieldText(const Json &value)
{
    if (value.is_string())
        return text(value.get<std::string>());
    if (value.is_number_float())
        return numberText(value.get<double>());
    if (value.is_array() && std::ranges::all_of(value, isPlainItem)) {
        QStringList items;
        for (const Json &each : value)
            items += fieldText(each);
        return items.join(QStringLiteral(", "));
    }
    return text(jsonLine(value));
}

Json fieldValue(const FormField &field, const QString &typed)
{
    switch (field.kind) {
    case FieldKind::whole:
    case FieldKind::number: return numberOrWord(typed, field.mayBeNull);
    case FieldKind::texts:
    case FieldKind::numbers: {
        Json list = listOf(typed, field.kind == FieldKind::numbers);
        if (field.mayBeOneText && list.is_array() && list.size() == 1 && !typed.trimmed().startsWith(QLatin1Char('[')))
            return list[0];
        return list;
    }
    case FieldKind::json: {
        const JsonReading reading = readJsonText(typed.toStdString());
        return reading.value ? *reading.value : Json(typed.toStdString());
    }
    default: return typed.toStdString();
    }
}

ValueEditor *makeValueEditor(const FormField &field, QWidget *parent)
{
    switch (field.kind) {
    case FieldKind::flag:
    case FieldKind::section: return new FlagEditor(field, parent);
    case FieldKind::choice: return new WordEditor(field, WordEditor::Gives::word, parent);
    case FieldKind::named: return new WordEditor(field, WordEditor::Gives::object, parent);
    case FieldKind::namedList: return new ListEditor(field, parent);
    case FieldKind::choices: return new ChipsEditor(field, parent);
    case FieldKind::oneOf: return new VariantEditor(field, parent);
    default: return new LineEditor(field, parent);
    }
}

ValueEditor *makeNameEditor(const FormField &field, QWidget *parent) { return new WordEditor(field, WordEditor::Gives::object, parent); }

} // namespace kino
