// A form for a JSON object: groups of lines, of which those are shown that apply, with defaults in dim letters and what is wrong
// beside its field. It owns no values: it shows what it is given and says what the person changes. GUI thread.
#pragma once

#include "widgets/form/form_field.h"

#include <QScrollArea>
#include <QTimer>

#include <memory>
#include <optional>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace kino {

class FormRowView;
class MarkedSentence;

/** Without a value: taken away. */
struct FormEdit {
    std::string path;
    std::optional<nlohmann::json> value;
    friend bool operator==(const FormEdit &, const FormEdit &) = default;
};

class FormView : public QScrollArea {
    Q_OBJECT

public:
    explicit FormView(QWidget *parent = nullptr);
    ~FormView() override;

    /** Another table: all lines are made anew, as soon as there is a verdict on the values. */
    void setFields(std::shared_ptr<const std::vector<FormField>> fields);
    void setValues(const nlohmann::json &values);
    void setVerdict(FormVerdict verdict);
    const FormVerdict &verdict() const { return m_verdict; }

    /** Only lines with these words in their name, path or help. */
    void setSearch(const QString &words);
    void setOnlyDifferent(bool on);
    bool isOnlyDifferent() const { return m_isOnlyDifferent; }

    /** Lines are made a few at a time; false while some are still missing. */
    bool isComplete() const { return m_missing.empty(); }
    /** Of lines that are made; nullptr for others. */
    FormRowView *rowAt(const std::string &path) const;
    /** Paths of the lines that are shown, from top to bottom. */
    std::vector<std::string> shownPaths() const;
    /** To the next line after the focus that has a problem. */
    void focusProblem();

Q_SIGNALS:
    /** Together one change. */
    void edited(const std::vector<FormEdit> &edits);
    void completed();

private:
    struct Group;

    void refresh();
    void makeMissing();
    void goOn();
    bool isFound(const FormRow &row) const;
    void showRow(FormRowView &row);
    void showGroups();
    bool isWanted(const FormRow &row) const;
    FieldState stateOf(const FormRow &row) const;
    std::vector<FormProblem> problemsOf(const std::string &path) const;
    Group &groupOf(const QString &title);
    void takeEdit(const FormRow &row, std::optional<nlohmann::json> value);
    void takeMove(const FormRow &row, int places);
    /** A list or a choice that is not given is written as it would be by default before a part of it changes. */
    nlohmann::json startingValue(const FormRow &row, std::string &owner) const;

    std::shared_ptr<const std::vector<FormField>> m_fields;
    nlohmann::json m_values = nlohmann::json::object();
    FormVerdict m_verdict;
    QString m_search;
    bool m_isOnlyDifferent = false;
    bool m_isJudged = true; // since the fields are these
    std::vector<FormRow> m_rows;    // all that there are
    std::vector<FormRow> m_missing; // that are still to be made
    std::vector<FormRowView *> m_views;
    std::vector<std::unique_ptr<Group>> m_groups;
    QWidget *m_sheet;
    QVBoxLayout *m_column;
    MarkedSentence *m_general;
    QLabel *m_nothing;
    QTimer m_make;
};

} // namespace kino
