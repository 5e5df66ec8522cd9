// What a value is typed or chosen with. Shows what is given, and in dim letters what holds where nothing is. GUI thread.
#pragma once

#include "widgets/form/form_field.h"

#include <QWidget>

namespace kino {

class ValueEditor : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    /** nullptr where nothing is given. Tells nobody, and leaves alone what is being typed as long as it means the same. */
    virtual void show(const nlohmann::json *given, const nlohmann::json &usual) = 0;
    /** What takes the focus. */
    virtual QWidget *control() = 0;

Q_SIGNALS:
    /** By the person, with every letter. What is typed wrongly comes as it is, for the validator to tell. */
    void edited(const nlohmann::json &value);
    /** The person emptied it: nothing is to be given. */
    void cleared();
};

ValueEditor *makeValueEditor(const FormField &field, QWidget *parent);
/** For an entry of a namedList: its name alone. */
ValueEditor *makeNameEditor(const FormField &field, QWidget *parent);

/** A value in a line, as an editor shows it: 0.0002, "a, b", JSON for what is nested. */
QString fieldText(const nlohmann::json &value);
/** What somebody who typed this means. */
nlohmann::json fieldValue(const FormField &field, const QString &text);

} // namespace kino
