#include "widgets/form/form_view.h"

#include "widgets/form/row_view.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace kino {
namespace {

using Json = nlohmann::json;

constexpr int kSliceMs = 4;
/** Without a verdict all lines would be made, those too that do not apply: it is waited for, but not for ever. */
constexpr int kMostUnjudgedMs = 1500;

std::size_t placeIn(const std::vector<FormRow> &rows, const FormRow &row)
{
    return static_cast<std::size_t>(std::ranges::find_if(rows, [&](const FormRow &each) { return each.path == row.path && each.field == row.field; }) - rows.begin());
}

bool isSameLine(const FormRow &one, const FormRow &other) { return one.path == other.path && one.field == other.field && one.kind == other.kind; }

/** Of "augment.0.options.sigma" and its like: the field that it belongs to. */
const FormField *ownerOf(const std::vector<FormField> &fields, const std::string &path)
{
    const auto isOwner = [&](const FormField &field) {
        return (field.kind == FieldKind::named || field.kind == FieldKind::namedList) && path.starts_with(field.path + ".");
    };
    const auto found = std::ranges::find_if(fields, isOwner);
    return found == fields.end() ? nullptr : &*found;
}

Json &inside(Json &value, const std::string &path)
{
    Json *at = &value;
    for (std::size_t from = 0; from < path.size();) {
        const std::size_t to = std::min(path.find('.', from), path.size());
        const std::string key = path.substr(from, to - from);
        at = at->is_array() ? &at->at(std::stoul(key)) : &(*at)[key];
        from = to + 1;
    }
    return *at;
}

} // namespace

/** A heading, its lines, and how many of them do not apply. */
struct FormView::Group {
    QString title;
    QWidget *box = nullptr;
    QVBoxLayout *lines = nullptr;
    QPushButton *unfit = nullptr;
    bool showsUnfit = false;
};

FormView::FormView(QWidget *parent)
    : QScrollArea(parent), m_fields(std::make_shared<const std::vector<FormField>>()), m_sheet(new QWidget), m_column(new QVBoxLayout(m_sheet)),
      m_general(new MarkedSentence(m_sheet)), m_nothing(new QLabel(m_sheet))
{
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_column->setContentsMargins(12, 8, 12, 12);
    m_column->setSpacing(4);
    m_column->addWidget(m_general);
    m_column->addWidget(m_nothing);
    m_column->addStretch(1);
    m_nothing->setProperty("role", QStringLiteral("dim"));
    m_nothing->setWordWrap(true);
    m_nothing->hide();
    setWidget(m_sheet);
    m_make.setSingleShot(true);
    connect(&m_make, &QTimer::timeout, this, &FormView::makeMissing);
}

FormView::~FormView() = default;

void FormView::setFields(std::shared_ptr<const std::vector<FormField>> fields)
{
    for (FormRowView *view : m_views)
        view->deleteLater();
    m_views.clear();
    for (const auto &group : m_groups)
        group->box->deleteLater();
    m_groups.clear();
    // Lines refer to their fields until they are gone.
    QTimer::singleShot(0, this, [kept = m_fields] {});
    m_fields = std::move(fields);
    m_verdict = {};
    m_isJudged = m_fields->empty();
    refresh();
}

void FormView::setValues(const Json &values)
{
    m_values = values;
    refresh();
}

void FormView::setVerdict(FormVerdict verdict)
{
    m_verdict = std::move(verdict);
    m_isJudged = true;
    refresh();
}

void FormView::setSearch(const QString &words)
{
    m_search = words.trimmed();
    refresh();
}

void FormView::setOnlyDifferent(bool on)
{
    m_isOnlyDifferent = on;
    refresh();
}

FieldState FormView::stateOf(const FormRow &row) const
{
    const auto found = m_verdict.states.find(row.path);
    return found == m_verdict.states.end() ? FieldState{} : found->second;
}

std::vector<FormProblem> FormView::problemsOf(const std::string &path) const
{
    // A problem belongs to the nearest line around its place.
    std::vector<FormProblem> own;
    for (const FormProblem &problem : m_verdict.problems) {
        std::string_view place = problem.path;
        for (;;) {
            const bool isLine = std::ranges::any_of(m_rows, [&](const FormRow &row) { return row.path == place; });
            if (isLine) {
                if (place == path)
                    own.push_back(problem);
                break;
            }
            const std::size_t dot = place.rfind('.');
            if (dot == std::string_view::npos)
                break;
            place = place.substr(0, dot);
        }
    }
    return own;
}

bool FormView::isFound(const FormRow &row) const
{
    const QString text = row.field->title + QLatin1Char(' ') + QString::fromStdString(row.path) + QLatin1Char(' ') + row.field->help;
    const QStringList words = m_search.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return std::ranges::all_of(words, [&](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

bool FormView::isWanted(const FormRow &row) const
{
    const Json *given = valueAt(m_values, row.path);
    const FieldState state = stateOf(row);
    if (!m_search.isEmpty() && !isFound(row)) {
        // A choice says of what the options are that were found.
        const bool holdsFound = (row.field->kind == FieldKind::named || row.field->kind == FieldKind::namedList)
            && std::ranges::any_of(m_rows, [&](const FormRow &other) { return other.depth > row.depth && other.path.starts_with(row.path + ".") && isFound(other); });
        if (!holdsFound)
            return false;
    }
    if (m_isOnlyDifferent) {
        const bool isDifferent = given && (row.kind == FormRow::Kind::entry || !saysTheUsual(*given, state.usual));
        return isDifferent || !problemsOf(row.path).empty();
    }
    if (state.applies || (given && !given->is_null()))
        return true;
    const auto group = std::ranges::find_if(m_groups, [&](const auto &each) { return each->title == row.group; });
    return group != m_groups.end() && (*group)->showsUnfit;
}

FormView::Group &FormView::groupOf(const QString &title)
{
    const auto found = std::ranges::find_if(m_groups, [&](const auto &each) { return each->title == title; });
    if (found != m_groups.end())
        return **found;
    auto group = std::make_unique<Group>();
    group->title = title;
    group->box = new QWidget(m_sheet);
    auto *column = new QVBoxLayout(group->box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto *heading = new QLabel(title, group->box);
    heading->setFont(panelTitleFont(font()));
    heading->setContentsMargins(0, 10, 0, 2);
    column->addWidget(heading);
    group->lines = new QVBoxLayout;
    group->lines->setSpacing(4);
    column->addLayout(group->lines);
    group->unfit = new QPushButton(group->box);
    group->unfit->setProperty("look", QStringLiteral("link"));
    group->unfit->hide();
    column->addWidget(group->unfit, 0, Qt::AlignLeft);
    connect(group->unfit, &QPushButton::clicked, this, [this, each = group.get()] {
        each->showsUnfit = !each->showsUnfit;
        refresh();
    });
    m_column->insertWidget(m_column->count() - 1, group->box);
    m_groups.push_back(std::move(group));
    return *m_groups.back();
}

void FormView::refresh()
{
    m_rows = formRows(*m_fields, m_values, m_verdict);
    for (const FormField &field : *m_fields)
        groupOf(field.group);
    std::erase_if(m_views, [&](FormRowView *view) {
        const bool isGone = placeIn(m_rows, view->row()) == m_rows.size();
        if (isGone) {
            view->hide();
            view->deleteLater();
        }
        return isGone;
    });
    m_missing.clear();
    for (const FormRow &row : m_rows) {
        const auto made = std::ranges::find_if(m_views, [&](const FormRowView *view) { return isSameLine(view->row(), row); });
        const bool isWantedNow = isWanted(row);
        if (made == m_views.end()) {
            if (isWantedNow)
                m_missing.push_back(row);
            continue;
        }
        if (isWantedNow)
            showRow(**made);
        (*made)->setVisible(isWantedNow);
    }
    QStringList general;
    bool isWarning = true;
    for (const FormProblem &problem : m_verdict.problems) {
        const auto isAround = [&](const FormRow &row) { return problem.path == row.path || problem.path.starts_with(row.path + "."); };
        if (std::ranges::any_of(m_rows, isAround))
            continue;
        general += (problem.path.empty() ? QString() : QString::fromStdString(problem.path) + QStringLiteral(": ")) + problem.sentence;
        isWarning = isWarning && problem.isWarning;
    }
    m_general->setSentence(general.join(QLatin1Char('\n')), isWarning);
    showGroups();
    goOn();
}

/** What is shown stays as it was until all lines are there: a form that is half built says wrong things. */
void FormView::goOn()
{
    if (!m_missing.empty()) {
        m_sheet->setUpdatesEnabled(false);
        m_make.start(m_isJudged ? 0 : kMostUnjudgedMs);
        return;
    }
    m_make.stop();
    m_sheet->setUpdatesEnabled(true);
    Q_EMIT completed();
}

void FormView::showRow(FormRowView &view)
{
    const FormRow &row = view.row();
    std::size_t entries = 0;
    if (row.kind == FormRow::Kind::entry)
        entries = static_cast<std::size_t>(std::ranges::count_if(m_rows, [&](const FormRow &each) { return each.kind == FormRow::Kind::entry && each.field == row.field; }));
    FieldState state = stateOf(row);
    const Json *given = valueAt(m_values, row.path);
    if (row.kind == FormRow::Kind::entry && !given) { // of the default list
        if (const FieldState whole = stateOf({FormRow::Kind::field, row.field->path, row.field}); whole.usual.is_array()) {
            const std::size_t place = std::stoul(row.path.substr(row.path.rfind('.') + 1));
            if (place < whole.usual.size())
                state.usual = whole.usual[place];
        }
    }
    view.show(given, state, problemsOf(row.path), entries);
}

void FormView::makeMissing()
{
    m_isJudged = true;
    QElapsedTimer since;
    since.start();
    while (!m_missing.empty() && since.elapsed() < kSliceMs) {
        const FormRow row = m_missing.front();
        m_missing.erase(m_missing.begin());
        Group &group = groupOf(row.group);
        auto *view = new FormRowView(row, group.box);
        connect(view, &FormRowView::edited, this, [this, view](const Json &value) { takeEdit(view->row(), value); });
        connect(view, &FormRowView::cleared, this, [this, view] { takeEdit(view->row(), std::nullopt); });
        connect(view, &FormRowView::moved, this, [this, view](int places) { takeMove(view->row(), places); });
        const std::size_t own = placeIn(m_rows, row);
        int index = 0;
        for (; index < group.lines->count(); ++index) {
            const auto *other = qobject_cast<FormRowView *>(group.lines->itemAt(index)->widget());
            if (other && placeIn(m_rows, other->row()) > own && placeIn(m_rows, other->row()) < m_rows.size())
                break;
        }
        group.lines->insertWidget(index, view);
        m_views.push_back(view);
        showRow(*view);
        view->setVisible(true);
    }
    if (m_missing.empty())
        showGroups();
    goOn();
}

void FormView::showGroups()
{
    bool hasAny = false;
    for (const auto &group : m_groups) {
        int unfit = 0;
        bool hasLine = false;
        for (const FormRow &row : m_rows) {
            if (row.group != group->title)
                continue;
            const Json *given = valueAt(m_values, row.path);
            unfit += !stateOf(row).applies && !(given && !given->is_null()) ? 1 : 0;
            hasLine = hasLine || isWanted(row);
        }
        const bool offersUnfit = unfit > 0 && !m_isOnlyDifferent && m_search.isEmpty();
        group->unfit->setVisible(offersUnfit);
        group->unfit->setText(group->showsUnfit ? tr("Hide what does not apply") : unfit == 1 ? tr("One more does not apply here") : tr("%1 more do not apply here").arg(unfit));
        group->box->setVisible(hasLine || offersUnfit);
        hasAny = hasAny || hasLine;
    }
    m_nothing->setVisible(!hasAny && !m_fields->empty());
    m_nothing->setText(m_search.isEmpty() ? tr("Everything is as it is by default.") : tr("No field has these words in its name or its help."));
}

FormRowView *FormView::rowAt(const std::string &path) const
{
    const auto found = std::ranges::find_if(m_views, [&](const FormRowView *view) { return view->row().path == path; });
    return found == m_views.end() ? nullptr : *found;
}

std::vector<std::string> FormView::shownPaths() const
{
    std::vector<std::string> paths;
    for (const FormRow &row : m_rows) {
        if (isWanted(row))
            paths.push_back(row.path);
    }
    return paths;
}

void FormView::focusProblem()
{
    std::vector<FormRowView *> faulty;
    std::size_t after = 0;
    for (const FormRow &row : m_rows) {
        FormRowView *view = rowAt(row.path);
        if (!view)
            continue;
        if (view->isAncestorOf(QApplication::focusWidget() ? QApplication::focusWidget() : this))
            after = faulty.size() + (view->hasProblem() ? 1 : 0);
        if (view->hasProblem())
            faulty.push_back(view);
    }
    if (faulty.empty()) {
        verticalScrollBar()->setValue(0); // what belongs to no line stands on top
        return;
    }
    FormRowView *next = faulty[after % faulty.size()];
    ensureWidgetVisible(next, 0, 40);
    next->focus();
}

Json FormView::startingValue(const FormRow &row, std::string &owner) const
{
    const FormField *field = ownerOf(*m_fields, row.path);
    // Fields of their own may lie in a choice, "encoder.weights": those are written by themselves.
    if (!field || row.field->path == row.path || valueAt(m_values, field->path))
        return {};
    owner = field->path;
    return stateOf({FormRow::Kind::field, field->path, field}).usual;
}

void FormView::takeEdit(const FormRow &row, std::optional<Json> value)
{
    const bool isEntry = row.kind == FormRow::Kind::entry;
    std::string owner;
    if (Json whole = startingValue(row, owner); !owner.empty()) {
        const std::string rest = row.path.substr(owner.size() + 1);
        if (value)
            inside(whole, rest) = *value;
        else if (isEntry)
            whole.erase(std::stoul(rest));
        else
            return; // there is nothing to take back
        Q_EMIT edited({{owner, whole}});
        return;
    }
    if (row.field->kind != FieldKind::named || isEntry || row.field->path != row.path || !value) {
        Q_EMIT edited({{row.path, std::move(value)}});
        return;
    }
    // Another choice: its options are others, what else lies in the object stays.
    std::vector<FormEdit> edits{{row.path + ".name", (*value)["name"]}};
    if (valueAt(m_values, row.path + ".options"))
        edits.push_back({row.path + ".options", std::nullopt});
    Q_EMIT edited(edits);
}

void FormView::takeMove(const FormRow &row, int places)
{
    std::string owner;
    Json list = startingValue(row, owner);
    const std::string path = row.field->path;
    const bool isGiven = owner.empty();
    if (isGiven)
        list = *valueAt(m_values, path);
    const std::size_t from = std::stoul(row.path.substr(path.size() + 1)), to = from + static_cast<std::size_t>(places);
    if (to >= list.size())
        return;
    std::swap(list[from], list[to]);
    if (isGiven)
        Q_EMIT edited({{path + "." + std::to_string(from), list[from]}, {path + "." + std::to_string(to), list[to]}});
    else
        Q_EMIT edited({{path, list}});
}

} // namespace kino
